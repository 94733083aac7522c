/** A data directory of any earlier release opens, and what is in it stays. */
import { mkdirSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import Database from 'better-sqlite3';
import { afterAll, expect, it } from 'vitest';
import { migrations } from '../../src/store/db.ts';
import { openStore } from '../../src/store/store.ts';

const root = mkdtempSync(join(tmpdir(), 'ossite-migrations-'));
afterAll(() => rmSync(root, { recursive: true }));

it.each(migrations.map((_, i) => i + 1))('schema %i', async (version) => {
  const dir = join(root, String(version));
  mkdirSync(dir);
  const old = new Database(join(dir, 'ossite.db'));
  for (const sql of migrations.slice(0, version)) old.exec(sql);
  old.exec(
    `INSERT INTO buckets (name, acl, storage_class, redundancy, created) VALUES ('old', 'private', 'Standard', 'LRS', 1);
     INSERT INTO objects (bucket, key, blob, size, etag, crc64, type, storage_class, acl, content_type, headers, meta, modified)
     VALUES (1, 'k', 'b', 7, 'e', '0', 'Normal', 'Standard', 'default', 'text/plain', '{}', '{}', 1);
     INSERT INTO tasks (id, event_id, request_id, type, bucket, key, process, state, created)
     VALUES ('t', 'e', 'r', 'MediaConvert', 'old', 'k', 'p', 'Queued', 1);
     PRAGMA user_version = ${version};`,
  );
  old.close();
  const store = await openStore(dir);
  expect(store.buckets.get('old')?.acl).toBe('private');
  expect(store.totals()).toEqual({ buckets: 1, objects: 1, bytes: 7, uploads: 0, messages: 0 });
  expect([...store.stat(1).classes]).toEqual([['Standard', { count: 1, size: 7, billed: 64 * 1024 }]]);
  const claim = store.tasks.claim(60_000);
  expect(claim?.task).toMatchObject({ id: 't', result: '', warnings: [], notice: undefined });
  expect(claim && store.tasks.finish(claim, { state: 'Succeeded', outputs: [], result: '' })).toBe(true);
  expect(store.messages.list({ limit: 10 })).toEqual([]);
  await store.close();
});
