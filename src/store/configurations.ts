/** Configurations of buckets, and of the account, as text: XML or JSON, read where it acts. */
import type { Bucket } from './buckets.ts';
import type { Db } from './db.ts';
import type { Memory } from './memory.ts';

export interface Configurations {
  get(bucket: Bucket, name: string, id?: string): string | undefined;
  put(bucket: Bucket, name: string, content: string, id?: string): void;
  remove(bucket: Bucket, name: string, id?: string): void;
  /** All of a name, in order of id. */
  list(bucket: Bucket, name: string): readonly { readonly id: string; readonly content: string }[];
  /** What holds for all buckets. */
  readonly account: {
    get(name: string): string | undefined;
    put(name: string, content: string): void;
    remove(name: string): void;
  };
  /** Names of the buckets that have a configuration. */
  bucketsWith(name: string): readonly string[];
  /** Name of the bucket that a domain was bound to. */
  bucketOfDomain(domain: string): string | undefined;
}

/** Under which domains are kept: the one configuration that is looked for by its id. An index knows this word, too. */
export const CNAME = 'cname';

/** Characters of a text that is remembered. */
const LONGEST = 16 * 1024;

export function openConfigurations(db: Db, memory: Memory): Configurations {
  const known = memory.table<string | undefined>((text = '') => text.length <= LONGEST);
  const nameOf = (bucket: Bucket, name: string, id: string) => `${bucket.id} ${name} ${id}`;
  const get = db
    .prepare<[number, string, string], string>(
      'SELECT content FROM configurations WHERE bucket = ? AND name = ? AND id = ?',
    )
    .pluck();
  const put = db.prepare<[number, string, string, string]>(
    'INSERT OR REPLACE INTO configurations (bucket, name, id, content) VALUES (?, ?, ?, ?)',
  );
  const remove = db.prepare<[number, string, string]>(
    'DELETE FROM configurations WHERE bucket = ? AND name = ? AND id = ?',
  );
  const list = db.prepare<[number, string], { id: string; content: string }>(
    'SELECT id, content FROM configurations WHERE bucket = ? AND name = ? ORDER BY id',
  );
  const ofAccount = db.prepare<[string], string>('SELECT content FROM account_configurations WHERE name = ?').pluck();
  const putOfAccount = db.prepare<[string, string]>(
    'INSERT OR REPLACE INTO account_configurations (name, content) VALUES (?, ?)',
  );
  const removeOfAccount = db.prepare<[string]>('DELETE FROM account_configurations WHERE name = ?');
  const having = db
    .prepare<[string], string>(
      'SELECT DISTINCT b.name FROM configurations c JOIN buckets b ON b.id = c.bucket WHERE c.name = ? ORDER BY b.name',
    )
    .pluck();
  const byDomain = db
    .prepare<[string], string>(
      `SELECT b.name FROM configurations c JOIN buckets b ON b.id = c.bucket WHERE c.name = '${CNAME}' AND c.id = ?`,
    )
    .pluck();
  return {
    get: (bucket, name, id = '') => known.get(nameOf(bucket, name, id), () => get.get(bucket.id, name, id)),
    put(bucket, name, content, id = '') {
      put.run(bucket.id, name, id, content);
      known.forget(nameOf(bucket, name, id));
    },
    remove(bucket, name, id = '') {
      remove.run(bucket.id, name, id);
      known.forget(nameOf(bucket, name, id));
    },
    list: (bucket, name) => list.all(bucket.id, name),
    account: {
      get: (name) => ofAccount.get(name),
      put: (name, content) => void putOfAccount.run(name, content),
      remove: (name) => void removeOfAccount.run(name),
    },
    bucketsWith: (name) => having.all(name),
    bucketOfDomain: (domain) => byDomain.get(domain),
  };
}
