/** How far an archived object is with its restoring, as headers and listings tell it (rest-core.md §1.1, §1.2). */
import { restoreState } from '../store/archive.ts';
import type { StoredObject } from '../store/objects.ts';
import { httpTime } from './wire.ts';

/** @returns `undefined` when there is nothing to tell */
export function restoreInfo(object: Pick<StoredObject, 'restored'>, now: number): string | undefined {
  const state = restoreState(object, now);
  if (state === 'frozen' || object.restored === undefined) return undefined;
  if (state === 'running') return 'ongoing-request="true"';
  return `ongoing-request="false", expiry-date="${httpTime(new Date(object.restored.until))}"`;
}
