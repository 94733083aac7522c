/** What becomes of the result: an object with a name made of variables, a message to a topic, a style. */
import { useState } from 'preact/hooks';
import { oss } from '../../api/oss.ts';
import { href } from '../../app/route.ts';
import { useBuckets } from '../../ui/buckets.ts';
import { attempt, say } from '../../ui/say.tsx';
import type { Verdict } from './explained.ts';
import { type Action, doing, format, fromBase64, operationOf, toBase64 } from './grammar.ts';
import { bucket, chain, direct, isAsync, key, operations, process, variables } from './state.ts';
import { w } from './words.ts';

/** The text of a parameter of a directive, decoded; empty when it is not there. */
function written(name: string, parameter: string): string {
  const directive = chain.value.directives.find((one) => one.name === name);
  const token = directive?.tokens.find((one) => one.key === parameter);
  return token === undefined ? '' : (fromBase64(token.value) ?? '');
}

const directive = (name: string, texts: Readonly<Record<string, string>>): Action => ({
  family: 'sys',
  name,
  tokens: Object.entries(texts).flatMap(([key, text]) => (text === '' ? [] : [{ key, value: toBase64(text) }])),
  begins: true,
});

/** Sends the string as a POST that saves. @returns key of the new object @throws Refused */
export async function save(text: string): Promise<string> {
  const answer = await oss(
    {
      method: 'POST',
      bucket: bucket.value,
      key: key.value,
      query: { 'x-oss-process': '' },
      headers: { 'Content-Type': 'application/x-www-form-urlencoded' },
    },
    { body: `x-oss-process=${encodeURIComponent(text)}` },
  );
  return ((await answer.json()) as { readonly object: string }).object;
}

function SaveAs({ verdict }: { readonly verdict: Verdict | undefined }) {
  const [saving, setSaving] = useState(false);
  const name = written('saveas', 'o');
  const into = written('saveas', 'b');
  const topic = written('notify', 'topic');
  const { value: names = [] } = useBuckets();
  const set = (o: string, b: string) =>
    direct('saveas', o === '' && b === '' ? undefined : directive('saveas', { o, b }));
  const preview = verdict?.asked === process.value ? verdict.saveas?.preview : undefined;
  const declared = chain.value.stages.flatMap(({ action }) => operationOf(operations.value, action)?.variables ?? []);
  const offered = variables.value.filter(
    (one) => !['index', 'streamindex', 'resolution', 'sheetname'].includes(one.name) || declared.includes(one.name),
  );
  const run = async () => {
    setSaving(true);
    await attempt(async () => say(w().savedAs(await save(process.value))));
    setSaving(false);
  };
  return (
    <section class="card" aria-label={w().saveAs}>
      <h2>{w().saveAs}</h2>
      <label>
        {w().saveName}
        <input
          type="text"
          spellcheck={false}
          placeholder="out/{barename}-{index}.{autoext}"
          value={name}
          onInput={(event) => set(event.currentTarget.value, into)}
        />
      </label>
      {preview && (
        <p class="hint" role="status">
          {w().becomes}{' '}
          <code>
            {preview.bucket}/{preview.key}
          </code>
        </p>
      )}
      <details>
        <summary>{w().variables}</summary>
        <dl class="variables">
          {offered.map((one) => (
            <div key={one.name}>
              <dt>
                <button type="button" class="quiet" onClick={() => set(`${name}{${one.name}}`, into)}>
                  <code>{`{${one.name}}`}</code>
                </button>
              </dt>
              <dd>{one.doc}</dd>
            </div>
          ))}
        </dl>
      </details>
      <div class="two">
        <label>
          {w().saveBucket}
          <select value={into} onChange={(event) => set(name, event.currentTarget.value)}>
            <option value="">{w().sameBucket}</option>
            {[...new Set([...(into === '' ? [] : [into]), ...names])].map((one) => (
              <option key={one} value={one}>
                {one}
              </option>
            ))}
          </select>
        </label>
        {isAsync.value && (
          <label>
            {w().topic}
            <input
              type="text"
              spellcheck={false}
              value={topic}
              onInput={({ currentTarget: { value } }) =>
                direct('notify', value === '' ? undefined : directive('notify', { topic: value }))
              }
            />
          </label>
        )}
      </div>
      {!isAsync.value && (
        <button type="button" disabled={name === '' || saving} aria-busy={saving} onClick={() => void run()}>
          {w().saveNow}
        </button>
      )}
    </section>
  );
}

function StoreStyle() {
  const [name, setName] = useState('');
  const store = async () => {
    const content = format(doing(chain.value));
    const root = document.implementation.createDocument(null, 'Style');
    const element = root.createElement('Content');
    element.textContent = content;
    root.documentElement.append(element);
    const done = await attempt(() =>
      oss(
        {
          method: 'PUT',
          bucket: bucket.value,
          query: { style: '', styleName: name },
          headers: { 'Content-Type': 'application/xml' },
        },
        { body: new XMLSerializer().serializeToString(root) },
      ),
    );
    if (done) say(w().styleStored(name));
  };
  return (
    <form
      class="card"
      aria-label={w().style}
      onSubmit={(event) => {
        event.preventDefault();
        void store();
      }}
    >
      <h2>{w().style}</h2>
      <label>
        {w().styleName}
        <input
          type="text"
          required
          maxLength={63}
          spellcheck={false}
          value={name}
          onInput={(event) => setName(event.currentTarget.value)}
        />
      </label>
      <div class="buttons">
        <button type="submit" class="secondary" disabled={name === '' || chain.value.stages.length === 0}>
          {w().storeStyle}
        </button>
        <a href={href('controls', { bucket: bucket.value })}>{w().allStyles}</a>
      </div>
    </form>
  );
}

export const Save = ({ verdict }: { readonly verdict: Verdict | undefined }) => (
  <div class="save">
    <SaveAs verdict={verdict} />
    <StoreStyle />
  </div>
);
