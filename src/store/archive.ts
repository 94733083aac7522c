/** Archived objects: what may be read only after it was restored, and for how long (rest-core.md §1.2). */
import { fail } from './errors.ts';
import type { StoredObject } from './objects.ts';

const archiveClasses: ReadonlySet<string> = new Set(['Archive', 'ColdArchive', 'DeepColdArchive']);

export const isArchived = (storageClass: string): boolean => archiveClasses.has(storageClass);

/** When an archived object whose restoring was asked for can be read, in milliseconds since 1970. */
export interface Restored {
  readonly at: number;
  readonly until: number;
}

type Archived = Pick<StoredObject, 'storageClass' | 'restored'>;

/** What became of the restoring of an object; `frozen` when nobody asked for it, or its time is over. */
export function restoreState({ restored }: Pick<Archived, 'restored'>, now: number): 'frozen' | 'running' | 'restored' {
  if (restored === undefined || now >= restored.until) return 'frozen';
  return now < restored.at ? 'running' : 'restored';
}

/** @throws InvalidObjectState for an archived object that is not restored */
export function needRestored(object: Archived & Pick<StoredObject, 'key'>, now: number): void {
  if (isArchived(object.storageClass) && restoreState(object, now) !== 'restored') {
    fail('InvalidObjectState', { elements: { ObjectName: object.key } });
  }
}
