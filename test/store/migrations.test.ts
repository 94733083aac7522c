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
     INSERT INTO tasks (id, event_id, request_id, type, bucket, key, process, state, created)
     VALUES ('t', 'e', 'r', 'MediaConvert', 'old', 'k', 'p', 'Queued', 1);
     PRAGMA user_version = ${version};`,
  );
  old.close();
  const store = await openStore(dir);
  expect(store.buckets.get('old')?.acl).toBe('private');
  const claim = store.tasks.claim(60_000);
  expect(claim?.task).toMatchObject({ id: 't', result: '', warnings: [], notice: undefined });
  expect(claim && store.tasks.finish(claim, { state: 'Succeeded', outputs: [], result: '' })).toBe(true);
  expect(store.messages.list({ limit: 10 })).toEqual([]);
  await store.close();
});
