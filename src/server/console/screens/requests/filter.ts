/** Which requests are shown. The filters are in the address: a view of the journal can be shared. */

import type { Entry } from '../../api/types.ts';
import { isError } from '../../ui/request-parts.tsx';

/** Names of the parameters. */
export const filterNames = ['q', 'bucket', 'op', 'status', 'verdict', 'method', 'own'] as const;
export type FilterName = (typeof filterNames)[number];
export type Filter = Readonly<Partial<Record<FilterName, string>>>;

/** @param params those of the address */
export const filterFrom = (params: Readonly<Record<string, string>>): Filter =>
  Object.fromEntries(filterNames.flatMap((name) => (params[name] === undefined ? [] : [[name, params[name]]])));

/** Those that compare with something that an entry has. */
const members = {
  bucket: (entry: Entry) => entry.bucket,
  op: (entry: Entry) => entry.op,
  verdict: (entry: Entry) => entry.auth.outcome,
  method: (entry: Entry) => entry.method,
} as const;
export type Member = keyof typeof members;

const isStatus = (entry: Entry, wanted: string): boolean =>
  wanted === 'errors' ? isError(entry) : String(entry.status) === wanted;

const hasText = ({ path, key = '', requestId }: Entry, text: string): boolean =>
  [path, key, requestId].some((one) => one.toLowerCase().includes(text));

/** @returns what tells whether an entry is shown */
export function matching(filter: Filter): (entry: Entry) => boolean {
  const text = filter.q?.trim().toLowerCase() ?? '';
  const wanted = (Object.keys(members) as Member[]).filter((name) => filter[name] !== undefined);
  return (entry) =>
    (filter.own === '1' || entry.console !== true) &&
    (filter.status === undefined || isStatus(entry, filter.status)) &&
    (text === '' || hasText(entry, text)) &&
    wanted.every((name) => members[name](entry) === filter[name]);
}

/** What one can choose from: what is there, and what is chosen already. */
export function choicesOf(entries: readonly Entry[], name: Member | 'status', chosen: string | undefined): string[] {
  const found = new Set(entries.map((entry) => (name === 'status' ? String(entry.status) : members[name](entry))));
  if (chosen !== undefined && chosen !== 'errors') found.add(chosen);
  return [...found].filter((one): one is string => one !== undefined && one !== '').sort();
}
