/** Failures that are asked for most, each a switch. */
import { useState } from 'preact/hooks';
import type { Fault } from '../../../api/types.ts';
import { scopeOf } from '../../../ui/fault-words.ts';
import { attempt } from '../../../ui/say.tsx';
import { doSame, draftOf, limits, ruleOf, scope } from './draft.ts';
import { Fields } from './fields.tsx';
import { Counts } from './list.tsx';
import { add, bare, change, type FaultList, isSame, remove } from './rules.ts';
import { w } from './words.ts';

/** What a switch adds, unless its fields say otherwise. */
const presets = {
  slow: { delayMs: 2000 },
  flaky: { probability: 0.3, status: 503, code: 'ServiceUnavailable' },
  next: { op: 'GetObject', times: 1, status: 500, code: 'InternalError' },
  cut: { reset: true },
  lost: { truncateAfter: 0, reset: true },
  truncated: { op: 'GetObject', truncateAfter: 1024 },
  stalled: { op: 'GetObject', stallAfter: 1024 },
  crc: { corruptCrc: true },
  tasks: { action: 'video/*', code: 'InternalError' },
} as const satisfies Record<string, Fault>;

interface Given {
  readonly rules: readonly Fault[];
  readonly onChange: (list: FaultList) => void;
}

export const Presets = (given: Given) => (
  <section class="card presets" aria-labelledby="presets">
    <h2 id="presets">{w().presets}</h2>
    <p class="soft">{w().presetsText}</p>
    <ul>
      {Object.entries(presets).map(([name, usual]) => (
        <Preset key={name} name={name} usual={usual} {...given} />
      ))}
    </ul>
  </section>
);

function Preset({ name, usual, rules, onChange }: Given & { readonly name: string; readonly usual: Fault }) {
  const [title = name, text = ''] = w().names[name] ?? [];
  const number = rules.findIndex((rule) => doSame(rule, usual));
  const there = rules[number];
  const [edited, setDraft] = useState<ReturnType<typeof draftOf>>();
  const draft = edited ?? draftOf(there ?? usual);
  const rule = ruleOf(draft);
  const isChanged = there !== undefined && !isSame(there, rule);
  const put = async (work: Promise<FaultList>) => {
    onChange(await work);
    setDraft(undefined);
  };
  const flip = async ({ currentTarget: input }: { readonly currentTarget: HTMLInputElement }) => {
    const done = await attempt(() => put(there === undefined ? add(rule) : remove(there, number)));
    // The browser has flipped it already.
    if (!done) input.checked = there !== undefined;
  };
  return (
    <li>
      <label class="switch">
        <input
          type="checkbox"
          role="switch"
          aria-label={title}
          aria-describedby={`preset-${name}`}
          aria-checked={there !== undefined}
          checked={there !== undefined}
          onChange={(event) => void flip(event)}
        />
        <span>
          <strong>{title}</strong>
          <span class="hint" id={`preset-${name}`}>
            {text}
          </span>
        </span>
      </label>
      {there !== undefined && <Counts rule={there} />}
      <details>
        <summary>
          <span>{w().scope}</span> <span class="soft">{scopeOf(bare(rule))}</span>
        </summary>
        <Fields names={[...scope, ...limits]} draft={draft} onChange={setDraft} />
        <p class="hint">{w().wildcard}</p>
        {isChanged && (
          <button
            type="button"
            class="secondary"
            onClick={() => void attempt(() => put(change(there, number, rule)), w().applied)}
          >
            {w().apply}
          </button>
        )}
      </details>
    </li>
  );
}
