/** Lets lifecycle rules act: from time to time, and whenever the clock was moved. */
import type { Bucket } from '../../store/buckets.ts';
import type { Clock } from '../../store/clock.ts';
import { OssError } from '../../store/errors.ts';
import type { StoredObject } from '../../store/objects.ts';
import type { Store } from '../../store/store.ts';
import { configurationReader } from '../configuration.ts';
import lifecycle from '../configurations/lifecycle.ts';
import { httpTime } from '../wire.ts';
import { dueAt, isAbout, readRules } from './rules.ts';
import { sweepBucket } from './sweep.ts';

export interface Lifecycle {
  /** Resolves when all that is due now has been done. */
  run(): Promise<void>;
  /** Ends the round that is going on. */
  stop(): Promise<void>;
}

const EVERY_MS = 600_000;

const rulesOf = configurationReader(lifecycle, readRules);

/** @param onTrouble gets what went wrong for a reason of ours */
export function keepExpiring(store: Store, now: Clock, onTrouble: (error: unknown) => void): Lifecycle {
  const stopping = new AbortController();

  async function round(): Promise<void> {
    for (const name of store.configurations.bucketsWith(lifecycle.key)) {
      if (stopping.signal.aborted) return;
      const bucket = store.buckets.get(name);
      const rules = bucket && rulesOf(store, bucket);
      if (bucket === undefined || rules === undefined) continue;
      await sweepBucket({ store, bucket, rules, now: now(), signal: stopping.signal }).catch((error: unknown) => {
        // The bucket may go meanwhile, and with it all there was to do.
        if (!(error instanceof OssError && error.code === 'NoSuchBucket')) onTrouble(error);
      });
    }
  }

  let going: Promise<void> = Promise.resolve();
  let waiting: Promise<void> | undefined;
  function run(): Promise<void> {
    // One round at a time; whoever asks during one gets the next, which sees what they have done.
    waiting ??= going.then(() => {
      waiting = undefined;
      going = round();
      return going;
    });
    return waiting;
  }

  const timer = setInterval(() => void run(), EVERY_MS);
  timer.unref();
  return {
    run,
    async stop() {
      clearInterval(timer);
      stopping.abort();
      await run();
    },
  };
}

/** The `x-oss-expiration` of an object: when the first rule removes it, and which. */
export function expirationOf(store: Store, bucket: Bucket, object: StoredObject): string | undefined {
  const dates = (rulesOf(store, bucket) ?? []).flatMap((rule) => {
    const at = rule.expiration && isAbout(rule, object) ? dueAt(rule.expiration, object.modified) : undefined;
    return at === undefined ? [] : [{ at, id: rule.id }];
  });
  const first = dates.toSorted((a, b) => a.at.getTime() - b.at.getTime())[0];
  return first && `expiry-date="${httpTime(first.at)}", rule-id="${encodeURIComponent(first.id)}"`;
}
