/** One round over a bucket: what its lifecycle rules make of objects, older versions and unfinished uploads. */
import { setImmediate } from 'node:timers/promises';
import { type Bucket, storageClasses } from '../../store/buckets.ts';
import { OssError } from '../../store/errors.ts';
import type { StoredObject } from '../../store/objects.ts';
import type { Store } from '../../store/store.ts';
import type { ListedVersion } from '../../store/version-listing.ts';
import { isAbout, isDue, type LifecycleRule, type Transition } from './rules.ts';

/** Rows that are read at once; requests are served between two pages. */
const PAGE = 500;

export interface Round {
  readonly store: Store;
  readonly bucket: Bucket;
  readonly rules: readonly LifecycleRule[];
  /** Milliseconds since 1970. */
  readonly now: number;
  /** Fires when the server closes. */
  readonly signal: AbortSignal;
}

/** Does what is due now. @throws NoSuchBucket when the bucket goes meanwhile */
export async function sweepBucket(round: Round): Promise<void> {
  for await (const versions of versionsByKey(round)) await sweepKey(round, versions);
  if (round.rules.some(({ enabled, abort }) => enabled && abort !== undefined)) await sweepUploads(round);
}

/** All versions of each key, the newest first. Nothing of a key is touched before all of it was read. */
async function* versionsByKey({ store, bucket, signal }: Round): AsyncGenerator<readonly ListedVersion[]> {
  let gathered: ListedVersion[] = [];
  let next: { readonly key: string; readonly version: string } | undefined = { key: '', version: '' };
  while (next !== undefined && !signal.aborted) {
    const range = { prefix: '', delimiter: '', keyMarker: next.key, versionMarker: next.version, limit: PAGE };
    const page = store.listVersions(bucket.id, range);
    for (const version of page.versions) {
      if (gathered.length > 0 && gathered[0]?.object.key !== version.object.key) {
        yield gathered;
        gathered = [];
      }
      gathered.push(version);
    }
    next = page.next;
    await setImmediate();
  }
  if (gathered.length > 0 && !signal.aborted) yield gathered;
}

async function sweepKey(round: Round, versions: readonly ListedVersion[]): Promise<void> {
  const [newest, ...older] = versions;
  if (newest === undefined) return;
  const kept: ListedVersion[] = [];
  for (const [i, version] of older.entries()) {
    // It stopped being the current one when the next newer one came.
    const since = (versions[i] ?? version).object.modified;
    if (!(await sweepOld(round, version, since))) kept.push(version);
  }
  if (!isUnchanged(round, newest)) return;
  if (!newest.marker) return sweepCurrent(round, newest.object);
  const { key, version } = newest.object;
  if (kept.length === 0 && round.rules.some((rule) => rule.dropsMarkers && rule.enabled && key.startsWith(rule.prefix)))
    await round.store.objects.remove(round.bucket, key, version);
}

/** Whether a version is still what was listed. From here to the row nothing else comes in between. */
function isUnchanged({ store, bucket }: Round, { object, marker, latest }: ListedVersion): boolean {
  const there = store.objects.get(bucket, object.key, object.version);
  const isCurrent = store.objects.get(bucket, object.key)?.version === object.version;
  if (marker) return there === undefined && !isCurrent;
  return isCurrent === latest && there?.blob === object.blob && there.etag === object.etag;
}

/** @returns whether the version is gone */
async function sweepOld(round: Round, listed: ListedVersion, since: Date): Promise<boolean> {
  const { store, bucket, rules, now } = round;
  const { object, marker } = listed;
  if (!isUnchanged(round, listed)) return false;
  const about = rules.filter((rule) => isAbout(rule, object));
  if (about.some(({ oldVersions }) => oldVersions !== undefined && isDue(oldVersions, since, now))) {
    await store.objects.remove(bucket, object.key, object.version);
    return true;
  }
  const due = about.flatMap((rule) => rule.oldTransitions).filter(({ when }) => isDue(when, since, now));
  const colder = marker ? undefined : coldest(due, object);
  if (colder !== undefined) cool(round, object, colder);
  return false;
}

async function sweepCurrent(round: Round, object: StoredObject): Promise<void> {
  const { store, bucket, rules, now } = round;
  const about = rules.filter((rule) => isAbout(rule, object));
  if (about.some(({ expiration }) => expiration !== undefined && isDue(expiration, object.modified, now))) {
    await store.objects.remove(bucket, object.key);
    return;
  }
  const due = about.flatMap((rule) => rule.transitions).filter(({ when }) => isDue(when, object.modified, now));
  const colder = coldest(due, object);
  if (colder !== undefined) cool(round, object, colder);
}

/** When it happened is told of the coldest classes alone (page of HeadObject). */
function cool({ store, bucket, now }: Round, { key, version }: StoredObject, storageClass: string): void {
  const told = ['ColdArchive', 'DeepColdArchive'].includes(storageClass) ? { transitioned: new Date(now) } : {};
  store.objects.change(bucket, key, version, { storageClass, ...told });
}

/** From warm to cold. */
const classes: readonly string[] = storageClasses;

/** The coldest class that is due, when it is colder than the object's own: rules never warm an object up. */
function coldest(due: readonly Transition[], { storageClass, type, sealed }: StoredObject): string | undefined {
  if (type === 'Symlink') return undefined;
  // What may still grow goes no further than Archive (page of SealAppendObject).
  const open = type === 'Appendable' && sealed === undefined;
  const reach = open ? classes.indexOf('Archive') : classes.length;
  const possible = due.map((transition) => classes.indexOf(transition.storageClass)).filter((rank) => rank <= reach);
  const best = Math.max(...possible);
  return best > classes.indexOf(storageClass) ? classes[best] : undefined;
}

async function sweepUploads({ store, bucket, rules, now, signal }: Round): Promise<void> {
  let next: { readonly key: string; readonly id: string } | undefined = { key: '', id: '' };
  while (next !== undefined && !signal.aborted) {
    const range = { prefix: '', delimiter: '', keyMarker: next.key, idMarker: next.id, limit: PAGE };
    const page = store.uploads.list(bucket, range);
    for (const upload of page.uploads) {
      const isOver = ({ enabled, prefix, abort }: LifecycleRule) =>
        enabled && abort !== undefined && upload.key.startsWith(prefix) && isDue(abort, upload.initiated, now);
      if (rules.some(isOver)) await store.uploads.abort(upload).catch(unlessEnded);
    }
    next = page.truncated ? page.last : undefined;
    await setImmediate();
  }
}

function unlessEnded(error: unknown): void {
  if (!(error instanceof OssError && error.code === 'NoSuchUpload')) throw error;
}
