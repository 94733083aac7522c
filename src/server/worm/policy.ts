/** The retention policy of a bucket (WORM): a draft for a day, then locked (rest-core.md §1.7). */
import type { Bucket } from '../../store/buckets.ts';
import { fail } from '../../store/errors.ts';
import type { Store } from '../../store/store.ts';
import { neededText, wholeIn } from '../configuration-checks.ts';
import type { OssRequest } from '../request.ts';
import type { XmlElement } from '../xml.ts';

export const WORM = 'worm';

export const coverage = { level: 'stored', because: 'objects can be removed as without it' } as const;

/** A day: a draft that nobody locks goes away by itself. */
const DRAFT_MS = 24 * 3_600_000;
/** 70 years. */
const MAX_DAYS = 25_550;

export interface Worm {
  readonly id: string;
  readonly state: 'InProgress' | 'Locked';
  readonly days: number;
  /** Milliseconds since 1970. */
  readonly created: number;
}

/** The policy of a bucket, as far as it has one. @param now milliseconds since 1970 */
export function wormOf(store: Store, bucket: Bucket, now: number): Worm | undefined {
  const text = store.configurations.get(bucket, WORM);
  const worm = text === undefined ? undefined : (JSON.parse(text) as Worm);
  return worm?.state === 'InProgress' && now >= worm.created + DRAFT_MS ? undefined : worm;
}

/** Keeps the policy; one that is there is replaced. */
export function putWorm(store: Store, bucket: Bucket, worm: Worm): void {
  store.configurations.put(bucket, WORM, JSON.stringify(worm));
}

/** The policy that `wormId` in the query names. @throws NoSuchWORMConfiguration */
export function namedWorm(req: OssRequest, store: Store, bucket: Bucket, now: number): Worm {
  const worm = wormOf(store, bucket, now);
  return worm?.id === req.query.get('wormId') && worm !== undefined ? worm : fail('NoSuchWORMConfiguration');
}

/** @throws MalformedXML */
export function daysIn(root: XmlElement): number {
  neededText(root, 'RetentionPeriodInDays');
  return wholeIn(root, 'RetentionPeriodInDays', 1, MAX_DAYS) ?? 0;
}
