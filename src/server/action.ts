/** One REST action of OSS: a function from request to value. */
import type { Logger } from 'pino';
import type { Engines } from '../processors/engines.ts';
import type { Registry } from '../processors/registry.ts';
import type { Results } from '../processors/results.ts';
import type { ObjectsPort } from '../processors/run.ts';
import type { Slots } from '../processors/slots.ts';
import type { Worker } from '../processors/worker.ts';
import type { MovableClock } from '../store/clock.ts';
import type { ResetOptions } from '../store/reset.ts';
import type { Store } from '../store/store.ts';
import type { CallbackKey } from './callback/key.ts';
import type { Settings } from './config.ts';
import type { Events } from './events.ts';
import type { Faults } from './faults/index.ts';
import type { Journal } from './journal.ts';
import type { Metrics } from './metrics.ts';
import type { Reply } from './reply.ts';
import type { OssRequest } from './request.ts';
import type { Tally } from './tally.ts';

/**
 * What an ACL gives. An object's own one counts before its bucket's, but `write-bucket` is the bucket's alone to give: to
 * delete, and all of multipart uploads (rest-core.md §4.8).
 */
export type Right = 'read' | 'write' | 'write-bucket';

export interface Action {
  /** Its name in the OSS API. */
  readonly name: string;
  readonly on: {
    readonly method: 'GET' | 'HEAD' | 'PUT' | 'POST' | 'DELETE' | 'OPTIONS';
    readonly target: OssRequest['target'];
    /** Query keys that must be there, each `key` or `key=value`. */
    readonly query?: readonly string[];
    /** A header that must be there. */
    readonly header?: string;
  };
  readonly docs: string;
  /** How often applications need it (rest-core.md §10); absent: 1, every day. */
  readonly tier?: 1 | 2 | 3;
  /** What of it is missing, and why; absent: it does what OSS does. */
  readonly coverage?: { readonly level: 'stored' | 'refused'; readonly because: string };
  /** The right by which an ACL lets anonymous callers in; absent: none does. */
  readonly anonymous?: Right;
  /** What anonymous callers are told when no ACL could let them in, where OSS has words of its own for it. */
  readonly refusal?: { readonly message: string; readonly ec: string };
  /** Signature and key stand in its body alone: it refuses a wrong one and anonymous callers itself, and tells of both. */
  readonly signedInBody?: true;
  /** The bucket need not be there, or only the action can tell when to say so; otherwise it is looked for first. */
  readonly withoutBucket?: true;
  /** Query keys that would select another action but mean nothing to this one. */
  readonly ignores?: readonly string[];
  /** Query keys with a meaning of their own that it reads as well: `versionId`, `partNumber`. */
  readonly takes?: readonly string[];
  run(req: OssRequest, oss: Services): Promise<Reply>;
}

/** What actions work with: one bundle per namespace. */
export interface Services {
  /** Empty for the one of all who have none of their own. */
  readonly namespace: string;
  readonly settings: Settings;
  readonly store: Store;
  readonly registry: Registry;
  readonly engines: Engines;
  readonly slots: Slots;
  readonly worker: Worker;
  readonly objects: ObjectsPort;
  readonly results: Results;
  /** Makes it when there is none yet. */
  callbackKey(): Promise<CallbackKey>;
  readonly log: Logger;
  /** What time it is for all that grows old. */
  readonly clock: MovableClock;
  /** Lets all that is old enough go: objects under lifecycle rules, tasks. Resolves when it is gone. */
  age(): Promise<void>;
  readonly journal: Journal;
  readonly tally: Tally;
  readonly faults: Faults;
  readonly events: Events;
  readonly metrics: Metrics;
  /** Back to the state just after the start. */
  reset(options: ResetOptions): Promise<void>;
  /** The bundle of an access key's namespace: where a signature stands in a body. @throws BadRequest */
  inNamespaceOf(accessKeyId: string): Promise<Services>;
  /** Fires when the instance closes. */
  readonly closing: AbortSignal;
  readonly startedAt: Date;
  /** Seeding is over. */
  isReady(): boolean;
}
