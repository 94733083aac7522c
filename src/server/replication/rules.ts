/** Replication rules: kept one by one, as clients add and remove them; nothing is replicated (rest-core.md §1.7). */
import { randomUUID } from 'node:crypto';
import type { Bucket } from '../../store/buckets.ts';
import { fail } from '../../store/errors.ts';
import type { Store } from '../../store/store.ts';
import { malformed, needed, neededText } from '../configuration-checks.ts';
import { childrenOf, childText, contentOf, readXml, writeXml, type XmlElement } from '../xml.ts';

export const REPLICATION = 'replication';

export const coverage = { level: 'stored', because: 'there is no other region to replicate to' } as const;

const rule = 'Rule';

/** The rule in a body. It always gets an id of its own. @throws MalformedXML */
export function ruleIn(root: XmlElement): { readonly id: string; readonly rule: XmlElement } {
  const [first, ...more] = childrenOf(root, rule);
  if (first === undefined || more.length > 0) return malformed('ReplicationConfiguration needs one Rule');
  const destination = needed(first, 'Destination');
  for (const name of ['Bucket', 'Location']) neededText(destination, name);
  const id = childText(first, 'ID')?.trim() || randomUUID();
  const others = first.children.filter(({ name }) => name !== 'ID' && name !== 'Status');
  const status: XmlElement = { name: 'Status', text: 'doing', children: [] };
  return { id, rule: { ...first, children: [{ name: 'ID', text: id, children: [] }, ...others, status] } };
}

/** Keeps a rule under its id; one that is there is replaced. */
export function putRule(store: Store, bucket: Bucket, id: string, content: XmlElement): void {
  store.configurations.put(bucket, REPLICATION, writeXml(rule, contentOf(content)), id);
}

/** Rules of a bucket. @throws NoSuchReplicationConfiguration */
export function rulesOf(store: Store, bucket: Bucket): readonly XmlElement[] {
  const found = store.configurations.list(bucket, REPLICATION);
  if (found.length === 0) fail('NoSuchReplicationConfiguration');
  return found.map(({ content }) => readXml(content, rule));
}

/** @throws NoSuchReplicationRule */
export const ruleNamed = (store: Store, bucket: Bucket, id: string): XmlElement => {
  const text = store.configurations.get(bucket, REPLICATION, id);
  return text === undefined ? fail('NoSuchReplicationRule') : readXml(text, rule);
};
