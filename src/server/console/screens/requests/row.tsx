/** A request in the list. */
import { useMemo } from 'preact/hooks';
import type { Entry } from '../../api/types.ts';
import { language } from '../../app/language.ts';
import { href } from '../../app/route.ts';
import { Badge } from '../../ui/basics.tsx';
import { Name } from '../../ui/name.tsx';
import { duration } from '../../ui/numbers.ts';
import { StatusBadge, subjectOf } from '../../ui/request-parts.tsx';
import { Verdict } from './verdict.tsx';
import { w } from './words.ts';

/** To the millisecond, in the reader's own time. */
export function clockTime(iso: string): string {
  const at = new Date(iso);
  const two = (n: number) => String(n).padStart(2, '0');
  const ms = String(at.getMilliseconds()).padStart(3, '0');
  return `${two(at.getHours())}:${two(at.getMinutes())}:${two(at.getSeconds())}.${ms}`;
}

/** @param params the filters: they stay when one comes back */
export function Row({ entry, params }: { readonly entry: Entry; readonly params: Readonly<Record<string, string>> }) {
  const inWords = language.value;
  // Drawn once: of hundreds of rows, few are new.
  return useMemo(
    () => (
      <tr>
        <td class="time">
          <time dateTime={entry.time} title={entry.time}>
            {clockTime(entry.time)}
          </time>
        </td>
        <td class="method">{entry.method}</td>
        <td class="op">{entry.op}</td>
        <td class="wide">
          <a href={href('requests', { ...params, id: entry.requestId })} class="long" title={entry.path}>
            <Name text={subjectOf(entry)} />
            {entry.process !== undefined && <span class="soft"> {entry.process}</span>}
          </a>
        </td>
        <td class="state">
          <StatusBadge entry={entry} />{' '}
          {entry.fault !== undefined && (
            <span title={w().faultTitle(entry.fault + 1)}>
              <Badge tone="busy">{w().fault}</Badge>
            </span>
          )}
        </td>
        <td class="number ms">{duration(entry.ms)}</td>
        <td class="verdict">
          <Verdict outcome={entry.auth.outcome} />
        </td>
      </tr>
    ),
    [entry, params, inWords],
  );
}
