import type { Bucket } from './buckets.ts';
import type { Db } from './db.ts';
import type { Memory } from './memory.ts';

export const compliedHosts = ['Img', 'Both'] as const;
/** The characters that may stand between a key and a style's name, in the order in which OSS lists them. */
export const styleDelimiters = ['!', '-', '/', '_'] as const;
export type StyleDelimiter = (typeof styleDelimiters)[number];

/** How a bucket's objects may be processed by URL (documents-styles-tasks.md §4.3). */
export interface BucketProcess {
  /** Kept and shown only: there is no separate domain for pictures here. */
  readonly compliedHost: (typeof compliedHosts)[number];
  /** Suffixes of the objects that anonymous callers only get through a style, without dot; `*` is all. Empty: none. */
  readonly protectedSuffixes: readonly string[];
  /** `photo.jpg!small` means style `small` of `photo.jpg` when `!` is one of them. */
  readonly delimiters: readonly StyleDelimiter[];
  /** Kept and shown only. */
  readonly ossDomainSupport: boolean;
}

export interface BucketProcesses {
  /** What a bucket never told is as OSS has it in a new one. */
  get(bucket: Bucket): BucketProcess;
  put(bucket: Bucket, process: BucketProcess): void;
}

/** Of a new bucket, as the Java SDK's test finds it there; `ossDomainSupport` is assumed. */
const initial: BucketProcess = {
  compliedHost: 'Both',
  protectedSuffixes: [],
  delimiters: [],
  ossDomainSupport: false,
};

export function openBucketProcesses(db: Db, memory: Memory): BucketProcesses {
  const known = memory.table<BucketProcess>();
  const get = db.prepare<[number], string>('SELECT process FROM bucket_processes WHERE bucket = ?').pluck();
  const put = db.prepare<[number, string]>('INSERT OR REPLACE INTO bucket_processes (bucket, process) VALUES (?, ?)');
  return {
    get: (bucket) =>
      known.get(String(bucket.id), () => {
        const text = get.get(bucket.id);
        return text === undefined ? initial : (JSON.parse(text) as BucketProcess);
      }),
    put(bucket, process) {
      put.run(bucket.id, JSON.stringify(process));
      known.forget(String(bucket.id));
    },
  };
}
