/**
 * SIGKILL at random moments of writes: what was acknowledged is there with the right bytes, what was not is there whole
 * or not at all, and no bytes stay that nothing names.
 */
import { createHash, randomBytes, randomInt } from 'node:crypto';
import { mkdtempSync, readdirSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, describe, expect, it } from 'vitest';
import { textOf, texts } from '../helpers/oss-xml.ts';
import { pathOf } from '../helpers/ossite.ts';
import { type ServerProcess, startProcess } from '../helpers/process.ts';

const rounds = process.env.OSSITE_LONG ? 200 : 10;
const WRITERS = 4;
const BUCKET = 'crash';
const MIN_PART = 100 * 1024;

const root = mkdtempSync(join(tmpdir(), 'ossite-writes-'));
let server: ServerProcess | undefined;
afterAll(async () => {
  await server?.stop('SIGKILL');
  rmSync(root, { recursive: true, force: true });
});

const digest = (body: Buffer) => createHash('sha256').update(body).digest('hex');

/** What may stand at a key: what was acknowledged last (nothing at first), and what is under way. */
interface Expected {
  acknowledged: Buffer | undefined;
  underWay: Buffer | undefined;
}

/** One client: each kind of write in turn, until the server is gone. */
async function write(door: ServerProcess, name: string, keys: Map<string, Expected>, stopped: () => boolean) {
  const at = (key: string) => {
    const found = keys.get(key) ?? { acknowledged: undefined, underWay: undefined };
    keys.set(key, found);
    return found;
  };
  async function attempt(key: string, body: Buffer, work: () => Promise<{ readonly status: number }>) {
    const expected = at(key);
    expected.underWay = body;
    const { status } = await work();
    expect(status).toBe(200);
    expected.acknowledged = body;
    expected.underWay = undefined;
  }
  const body = () => randomBytes(randomInt(10) === 0 ? randomInt(3_000_000) : randomInt(100_000));
  for (let i = 0; !stopped(); i += 1) {
    const [fresh, hot, log] = [`${name}-${i}`, `${name}-hot`, `${name}-log`];
    for (const key of [fresh, hot]) {
      const content = body();
      await attempt(key, content, () => door.request('put', pathOf(BUCKET, key), { body: content }));
    }
    const before = at(log).acknowledged ?? Buffer.alloc(0);
    const added = body();
    await attempt(log, Buffer.concat([before, added]), () =>
      door.request('post', `${pathOf(BUCKET, log)}?append&position=${before.length}`, { body: added }),
    );
    const parts = [randomBytes(MIN_PART), body()];
    const begun = await door.request('post', `${pathOf(BUCKET, `${fresh}-multi`)}?uploads`);
    const id = textOf(begun.text, 'UploadId');
    for (const [number, part] of parts.entries()) {
      const path = `${pathOf(BUCKET, `${fresh}-multi`)}?partNumber=${number + 1}&uploadId=${id}`;
      expect((await door.request('put', path, { body: part })).status).toBe(200);
    }
    await attempt(`${fresh}-multi`, Buffer.concat(parts), () =>
      door.request('post', `${pathOf(BUCKET, `${fresh}-multi`)}?uploadId=${id}`, {
        headers: { 'x-oss-complete-all': 'yes' },
      }),
    );
  }
}

/** Every key of a round: whole, and one of the two states it may have. */
async function check(door: ServerProcess, keys: ReadonlyMap<string, Expected>): Promise<void> {
  for (const [key, { acknowledged, underWay }] of keys) {
    const { status, bytes } = await door.get(BUCKET, key);
    const allowed = [acknowledged, underWay].flatMap((body) => (body === undefined ? [] : [digest(body)]));
    if (status === 404) expect(acknowledged, `${key} was acknowledged and is gone`).toBeUndefined();
    else expect(allowed, `${key} has bytes that nobody sent`).toContain(digest(bytes));
  }
}

/** Blobs that rows name: those of objects and of parts. */
async function named(door: ServerProcess): Promise<number> {
  const { text } = await door.request('get', `/${BUCKET}?stat`);
  return Number(textOf(text, 'ObjectCount')) + Number(textOf(text, 'MultipartPartCount'));
}

const blobs = (dir: string) =>
  readdirSync(join(dir, 'blobs'), { recursive: true, withFileTypes: true }).filter((entry) => entry.isFile()).length;

async function until(done: () => Promise<boolean>, what: () => Promise<string>): Promise<void> {
  const end = Date.now() + 20_000;
  while (!(await done())) {
    if (Date.now() > end) throw new Error(await what());
    await new Promise((resolve) => setTimeout(resolve, 25));
  }
}

describe(`${rounds} kills in the middle of writes`, () => {
  it('lose nothing, halve nothing, leave nothing', { timeout: rounds * 20_000 }, async () => {
    const dir = join(root, 'data');
    server = await startProcess(dir);
    await server.ensureBucket(BUCKET);
    for (let round = 0; round < rounds; round += 1) {
      const door = server;
      const keys = new Map<string, Expected>();
      let gone = false;
      const writers = Array.from({ length: WRITERS }, (_, i) =>
        // Its last request is cut off.
        write(door, `${round}-${i}`, keys, () => gone).catch((error: unknown) => {
          if (!gone) throw error;
        }),
      );
      await new Promise((resolve) => setTimeout(resolve, randomInt(20, 400)));
      gone = true;
      await door.stop('SIGKILL');
      await Promise.all(writers);
      const next = await startProcess(dir);
      server = next;
      await check(next, keys);
      // What a crash left is swept beside the first requests.
      await until(
        async () => blobs(dir) === (await named(next)),
        async () => `${blobs(dir)} blobs on disk, ${await named(next)} in rows, after round ${round}`,
      );
      expect(readdirSync(join(dir, 'tmp')).filter((name) => /^(put|join|append|copy)-/.test(name))).toEqual([]);
      for (const [key] of keys) await next.request('delete', pathOf(BUCKET, key));
      const { text } = await next.request('get', `/${BUCKET}?uploads`);
      const ids = texts(text, 'UploadId');
      for (const [i, key] of texts(text, 'Key').entries())
        await next.request('delete', `${pathOf(BUCKET, key)}?uploadId=${ids[i]}`);
      expect(blobs(dir)).toBe(0);
    }
  });
});
