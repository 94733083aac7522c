/** Lifecycle rules as they act (rest-core.md §1.7). */
import { flagIn } from '../configuration-checks.ts';
import { childOf, childrenOf, childText, type XmlElement } from '../xml.ts';

/** When something is due. */
export type When =
  | { readonly days: number }
  /** For what was modified before that moment, milliseconds since 1970. */
  | { readonly createdBefore: number }
  /** From that moment on, milliseconds since 1970. */
  | { readonly from: number };

export interface Transition {
  readonly when: When;
  readonly storageClass: string;
}

export interface LifecycleRule {
  readonly id: string;
  readonly enabled: boolean;
  readonly prefix: string;
  readonly tags: readonly Tag[];
  /** What the rule is not about: objects of that prefix that also have that tag, if one is named. */
  readonly except: readonly { readonly prefix: string; readonly tag: Tag | undefined }[];
  /** Bytes. */
  readonly largerThan: number;
  readonly smallerThan: number;
  readonly expiration: When | undefined;
  /** Delete markers that hide nothing any more go. */
  readonly dropsMarkers: boolean;
  readonly transitions: readonly Transition[];
  readonly abort: When | undefined;
  /** Days after which a version goes that is not the current one; counted from when it stopped being that. */
  readonly oldVersions: When | undefined;
  readonly oldTransitions: readonly Transition[];
}

interface Tag {
  readonly key: string;
  readonly value: string;
}

/** Reads what `check` let pass. */
export const readRules = (root: XmlElement): readonly LifecycleRule[] => childrenOf(root, 'Rule').map(readRule);

function readRule(rule: XmlElement): LifecycleRule {
  const filter = childOf(rule, 'Filter');
  const expiration = childOf(rule, 'Expiration');
  const transition = (element: XmlElement, days: string): readonly Transition[] => {
    // When an object was last read is not known here: such transitions never come due.
    const when = flagIn(element, 'IsAccessTime') === true ? undefined : whenOf(element, days);
    return when === undefined ? [] : [{ when, storageClass: childText(element, 'StorageClass')?.trim() ?? '' }];
  };
  const old = childOf(rule, 'NoncurrentVersionExpiration');
  const abort = childOf(rule, 'AbortMultipartUpload');
  return {
    id: childText(rule, 'ID') ?? '',
    enabled: childText(rule, 'Status')?.trim() === 'Enabled',
    prefix: childText(rule, 'Prefix') ?? '',
    tags: childrenOf(rule, 'Tag').map(tagOf),
    except: (filter === undefined ? [] : childrenOf(filter, 'Not')).map((not) => {
      const tag = childOf(not, 'Tag');
      return { prefix: childText(not, 'Prefix') ?? '', tag: tag && tagOf(tag) };
    }),
    largerThan: Number((filter && childText(filter, 'ObjectSizeGreaterThan')) ?? -1),
    smallerThan: Number((filter && childText(filter, 'ObjectSizeLessThan')) ?? Number.POSITIVE_INFINITY),
    expiration: expiration && whenOf(expiration, 'Days'),
    dropsMarkers: expiration !== undefined && flagIn(expiration, 'ExpiredObjectDeleteMarker') === true,
    transitions: childrenOf(rule, 'Transition').flatMap((element) => transition(element, 'Days')),
    abort: abort && whenOf(abort, 'Days'),
    oldVersions: old && whenOf(old, 'NoncurrentDays'),
    oldTransitions: childrenOf(rule, 'NoncurrentVersionTransition').flatMap((element) =>
      transition(element, 'NoncurrentDays'),
    ),
  };
}

const tagOf = (tag: XmlElement): Tag => ({ key: childText(tag, 'Key') ?? '', value: childText(tag, 'Value') ?? '' });

function whenOf(element: XmlElement, daysName: string): When | undefined {
  const days = childText(element, daysName);
  if (days !== undefined) return { days: Number(days) };
  const before = childText(element, 'CreatedBeforeDate');
  if (before !== undefined) return { createdBefore: Date.parse(before) };
  const from = childText(element, 'Date');
  return from === undefined ? undefined : { from: Date.parse(from) };
}

const DAY = 24 * 3_600_000;

/**
 * Whether it is time. OSS looks once a day, from midnight on; here a rule acts as soon as its days are over.
 * @param since when the object was modified, the upload begun, the version replaced
 * @param now milliseconds since 1970
 */
export function isDue(when: When, since: Date, now: number): boolean {
  if ('days' in when) return since.getTime() + when.days * DAY <= now;
  return 'createdBefore' in when ? since.getTime() < when.createdBefore : when.from <= now;
}

/** When a thing of that age will be due; `undefined` when it is no matter of its age. */
export const dueAt = (when: When, since: Date): Date | undefined =>
  'days' in when ? new Date(since.getTime() + when.days * DAY) : 'from' in when ? new Date(when.from) : undefined;

/** What rules look at. */
export interface Ruled {
  readonly key: string;
  readonly size: number;
  readonly tags: Readonly<Record<string, string>>;
}

/** Whether an enabled rule is about an object. */
export const isAbout = (rule: LifecycleRule, { key, size, tags }: Ruled): boolean =>
  rule.enabled &&
  key.startsWith(rule.prefix) &&
  size > rule.largerThan &&
  size < rule.smallerThan &&
  rule.tags.every((tag) => has(tags, tag)) &&
  !rule.except.some((not) => key.startsWith(not.prefix) && (not.tag === undefined || has(tags, not.tag)));

const has = (tags: Ruled['tags'], { key, value }: Tag): boolean => Object.hasOwn(tags, key) && tags[key] === value;
