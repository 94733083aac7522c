/** One REST action of OSS: a function from request to value. */
import type { Logger } from 'pino';
import type { Engines } from '../processors/engines.ts';
import type { Registry } from '../processors/registry.ts';
import type { Results } from '../processors/results.ts';
import type { ObjectsPort } from '../processors/run.ts';
import type { Slots } from '../processors/slots.ts';
import type { Worker } from '../processors/worker.ts';
import type { Store } from '../store/store.ts';
import type { Settings } from './config.ts';
import type { Reply } from './reply.ts';
import type { OssRequest } from './request.ts';

export interface Action {
  /** Its name in the OSS API. */
  readonly name: string;
  readonly on: {
    readonly method: 'GET' | 'HEAD' | 'PUT' | 'POST' | 'DELETE';
    readonly target: OssRequest['target'];
    /** Query keys that must be there, each `key` or `key=value`. */
    readonly query?: readonly string[];
    /** A header that must be there. */
    readonly header?: string;
  };
  readonly docs: string;
  /** The right by which an ACL lets anonymous callers in; absent: none does. */
  readonly anonymous?: 'read' | 'write';
  /** Query keys that would select another action but mean nothing to this one. */
  readonly ignores?: readonly string[];
  run(req: OssRequest, oss: Services): Promise<Reply>;
}

/** What actions work with: one bundle per instance. */
export interface Services {
  readonly settings: Settings;
  readonly store: Store;
  readonly registry: Registry;
  readonly engines: Engines;
  readonly slots: Slots;
  readonly worker: Worker;
  readonly objects: ObjectsPort;
  readonly results: Results;
  readonly log: Logger;
  /** Fires when the instance closes. */
  readonly closing: AbortSignal;
  readonly startedAt: Date;
  /** Seeding is over. */
  isReady(): boolean;
}
