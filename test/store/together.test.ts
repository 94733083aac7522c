/** Writes that share a transaction: each has its own end, whatever becomes of the others. */
import Database from 'better-sqlite3';
import { beforeEach, describe, expect, it } from 'vitest';
import { createTogether } from '../../src/store/together.ts';

let db: Database.Database;
let sql: string[];
let together: ReturnType<typeof createTogether>;

const insert = (name: string) => db.prepare('INSERT INTO names VALUES (?)').run(name);
const names = () => db.prepare('SELECT name FROM names ORDER BY name').pluck().all();
const outcomes = async (works: readonly (() => unknown)[]) =>
  (await Promise.allSettled(works.map((work) => together(work)))).map((settled) =>
    settled.status === 'fulfilled' ? settled.value : String(settled.reason),
  );

beforeEach(() => {
  sql = [];
  db = new Database(':memory:', { verbose: (text) => sql.push(String(text)) });
  db.exec('CREATE TABLE names (name TEXT NOT NULL UNIQUE)');
  together = createTogether(db);
});

describe('writes of the same turn', () => {
  it('are one transaction, and on record when they resolve', async () => {
    const work = (name: string) => () => {
      insert(name);
      return db.inTransaction;
    };
    const done = Promise.all([together(work('a')), together(work('b'))]);
    await Promise.resolve();
    expect(names()).toEqual([]);
    expect(await done).toEqual([true, true]);
    expect(db.inTransaction).toBe(false);
    expect(sql.filter((text) => /^(BEGIN|COMMIT)/.test(text))).toEqual(['BEGIN IMMEDIATE', 'COMMIT']);
    expect(names()).toEqual(['a', 'b']);
  });

  it('one that fails leaves nothing, and the others stay', async () => {
    const half = () => {
      insert('half');
      throw new Error('no');
    };
    const ends = await outcomes([() => insert('a').changes, half, () => insert('b').changes, () => insert('a')]);
    expect(ends).toEqual([1, 'Error: no', 1, 'SqliteError: UNIQUE constraint failed: names.name']);
    expect(names()).toEqual(['a', 'b']);
  });

  it('what makes SQLite give up the whole transaction fails alone', async () => {
    const breaks = () => {
      insert('half');
      db.exec('ROLLBACK');
      throw new Error('gone');
    };
    expect(await outcomes([() => insert('a').changes, breaks, () => insert('b').changes])).toEqual([
      1,
      expect.stringContaining('Error'),
      1,
    ]);
    expect(names()).toEqual(['a', 'b']);
  });

  it('fail when the database is closed meanwhile, and nothing else does', async () => {
    const ends = outcomes([() => insert('a'), () => insert('b')]);
    db.close();
    expect(await ends).toEqual(Array(2).fill('TypeError: The database connection is not open'));
  });
});
