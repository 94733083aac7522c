/** Client code that the control API hands out: what can be run here is run, all of it is read as its language reads it. */
import { spawnSync } from 'node:child_process';
import { existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import sharp from 'sharp';
import { afterAll, describe, expect, it } from 'vitest';
import { type CallName, callNames } from '../../src/server/sdks/sdk.ts';
import { literalsOf } from '../helpers/literals.ts';
import { texts } from '../helpers/oss-xml.ts';
import { b64, fixture, saveas, type Task } from '../helpers/ossite.ts';
import { type OwnServer, ownServer } from '../helpers/own-server.ts';
import { execFile, nodeRunner } from '../helpers/programs.ts';

interface Snippet {
  readonly language: string;
  readonly name: string;
  readonly title: string;
  readonly install: string;
  readonly syntax: string;
  readonly code: string;
}

const BUCKET = 'snippet-bucket';
const servers = {
  lenient: await ownServer({ buckets: [BUCKET], namespaces: 'worker-*', workers: 1 }),
  strict: await ownServer({ buckets: [BUCKET], auth: 'strict', workers: 1 }),
} as const;

const root = mkdtempSync(join(tmpdir(), 'ossite-snippets-'));
afterAll(() => rmSync(root, { recursive: true }));
writeFileSync(join(root, 'package.json'), '{"type": "module"}');
symlinkSync(fileURLToPath(new URL('../../node_modules', import.meta.url)), join(root, 'node_modules'));

const KEYS = [
  'dir/a b+c 100%41%E4 & ?x=#.jpg',
  'it\'s "quoted" $HOME `id` \\n/中文😀 {a,b}[1-2]!.jpg',
  'a//b;../c\t\n.jpg',
];

const snippetsOf = async (server: OwnServer, call: CallName, key: string, process = '', namespace = '') =>
  (
    await server.control<{ snippets: readonly Snippet[] }>('post', `snippets?namespace=${namespace}`, {
      ...{ call, bucket: BUCKET, key, process },
    })
  ).snippets;

const runner = nodeRunner();
afterAll(() => runner.end());

let count = 0;
/** A directory of its own for what a snippet reads and writes. */
function room(): string {
  count += 1;
  const dir = join(root, String(count));
  mkdirSync(dir);
  return dir;
}

/** Runs code as a person would who pastes it. @returns what it printed */
async function run({ language, code }: Snippet, cwd: string): Promise<string> {
  if (language === 'shell') return execFile('sh', ['-c', code], cwd);
  writeFileSync(join(cwd, 'snippet.js'), code);
  return runner.run(join(cwd, 'snippet.js'), cwd);
}

/** The name of the local file that a snippet reads or writes. */
const fileIn = (cwd: string, code: string): string => {
  const [, name = ''] = /(?:-o |@|client\.(?:get|put)\((?:"(?:[^"\\]|\\.)*"), ")([\w.-]+)/.exec(code) ?? [];
  return join(cwd, name);
};

describe.each(['lenient', 'strict'] as const)('%s: Node and curl, run as they stand', (mode) => {
  const server = servers[mode];
  const signed = async (method: string, key: string, body?: Buffer) => {
    const { urls } = await server.control<{ urls: string[] }>('post', 'sign', {
      requests: [{ method, bucket: BUCKET, key }],
    });
    return fetch(urls[0] ?? '', { method, ...(body === undefined ? {} : { body: new Uint8Array(body) }) });
  };
  const seeded = async (key: string) => expect((await signed('PUT', key, fixture('photo.jpg'))).status).toBe(200);
  const stored = async (key: string) => Buffer.from(await (await signed('GET', key)).arrayBuffer());
  const both = async (call: CallName, key: string, process = '') => {
    const all = await snippetsOf(server, call, key, process);
    return all.filter(({ language }) => ['shell', 'node'].includes(language));
  };

  it.each(KEYS)('every call with the key %j', async (key) => {
    const process = `image/resize,w_30/watermark,text_${b64('It’s 5 + 5 %')}`;
    for (const snippet of await both('put', key)) {
      const cwd = room();
      writeFileSync(fileIn(cwd, snippet.code), fixture('photo.jpg'));
      await run(snippet, cwd);
      expect((await stored(key)).equals(fixture('photo.jpg')), snippet.code).toBe(true);
      expect((await signed('DELETE', key)).status).toBe(204);
    }
    await seeded(key);
    const expected = await sharp(fixture('photo.jpg')).metadata();
    for (const snippet of await both('get', key)) {
      const cwd = room();
      await run(snippet, cwd);
      expect(readFileSync(fileIn(cwd, snippet.code)).equals(fixture('photo.jpg')), snippet.code).toBe(true);
    }
    for (const snippet of await both('get', key, `${process}/format,png`)) {
      const cwd = room();
      await run(snippet, cwd);
      const file = fileIn(cwd, snippet.code);
      expect(file).toMatch(/\.png$/);
      expect(await sharp(file).metadata()).toMatchObject({ format: 'png', width: 30 });
    }
    for (const snippet of await both('presign', key, process)) {
      const answer = await fetch((await run(snippet, room())).trim());
      expect([answer.status, answer.headers.get('x-ossite-auth')], snippet.code).toEqual([200, 'ok']);
      expect((await sharp(Buffer.from(await answer.arrayBuffer())).metadata()).width).toBe(30);
    }
    for (const snippet of await both('presign', key)) {
      const answer = await fetch((await run(snippet, room())).trim());
      expect(answer.headers.get('x-ossite-auth'), snippet.code).toBe('ok');
      expect((await sharp(Buffer.from(await answer.arrayBuffer())).metadata()).width).toBe(expected.width);
    }
    for (const snippet of await both('save', key, `${process}${saveas(`saved/${key.replace(/[{}]/g, '$&$&')}`)}`)) {
      const out = await run(snippet, room());
      expect(out).toMatch(/200|"status": "OK"/);
      expect((await sharp(await stored(`saved/${key}`)).metadata()).width, snippet.code).toBe(30);
      await signed('DELETE', `saved/${key}`);
    }
    for (const snippet of await both('list', key.slice(0, key.lastIndexOf('/') + 1)))
      expect(keysIn(await run(snippet, room()), snippet), snippet.code).toContain(key);
    for (const snippet of await both('head', key))
      expect((await run(snippet, room())).toLowerCase()).toContain(String(fixture('photo.jpg').length));
    for (const snippet of await both('delete', key)) {
      await seeded(key);
      await run(snippet, room());
      expect((await signed('HEAD', key)).status, snippet.code).toBe(404);
    }
  });

  it('async submits a task that makes what it should', async () => {
    const key = "it's a clip 中.mp4";
    expect((await signed('PUT', key, fixture('clip.mp4'))).status).toBe(200);
    for (const snippet of await both('async', key, `video/snapshots,num_1,f_jpg,w_40${saveas('out/{index}.jpg')}`)) {
      const out = await run(snippet, room());
      const [, id] = /"TaskId":"([^"]+)"/.exec(out) ?? [];
      expect(id, `${snippet.code}\n${out}`).toBeDefined();
      const task = await server.control<Task>('get', `tasks/${id}?wait=60`);
      expect(task.Status, snippet.code).toBe('Succeeded');
      expect((await sharp(await stored(task.Outputs[0]?.Key ?? '')).metadata()).width).toBe(40);
    }
  });

  it('save into a bucket that is named, and with more names than one', async () => {
    await seeded('photo.jpg');
    const more = `image/resize,w_20|sys/saveas,o_${b64('more.jpg')},b_${b64(BUCKET)}`;
    // The first name counts; ali-oss could not say it twice.
    for (const process of [more, `${more},o_${b64('second.jpg')}`]) {
      for (const snippet of await both('save', 'photo.jpg', process)) {
        expect(snippet.code.includes('processObjectSave')).toBe(snippet.language === 'node' && process === more);
        expect(await run(snippet, room()), snippet.code).toMatch(/200|"status": "OK"/);
        expect((await sharp(await stored('more.jpg')).metadata()).width, snippet.code).toBe(20);
        await signed('DELETE', 'more.jpg');
      }
    }
  });
});

/** The keys that a listing prints. */
function keysIn(out: string, { language }: Snippet): readonly string[] {
  if (language === 'node') {
    const arrays = new Function(`return [${out.replace(/\]\s+\[/, '], [')}]`)() as string[][];
    return arrays[1] ?? [];
  }
  return texts(out, 'Key');
}

describe('all SDKs', () => {
  const NASTY = `${KEYS.join('|')}\u0000\u0001\u001b\u007f\u2028\ufeff\u202e$x{}??=\\u0041\\\\`;

  it.each(callNames)('%s: each literal is, read by its language, what was asked', async (call) => {
    const key = `k/${NASTY}`;
    const process = `image/resize,w_1/${NASTY}`;
    for (const { language, name, code, syntax } of await snippetsOf(servers.lenient, call, key, process)) {
      if (language === 'shell') continue;
      const literals = literalsOf(code, syntax);
      expect(literals, `${name}\n${code}`).toContain(key);
      if (['get', 'save', 'async', 'presign'].includes(call)) expect(literals, name).toContain(process);
    }
  });

  /** How a language's own tools read files; C++ has none that parses without the SDK's headers, and is read above. */
  const checkers: Readonly<
    Record<string, { readonly program: string; readonly args: readonly string[]; readonly one?: true }>
  > = {
    sh: { program: 'sh', args: ['-n'], one: true },
    js: { program: process.execPath, args: ['--check'], one: true },
    python: { program: 'python3', args: ['-m', 'py_compile'] },
    php: { program: 'php', args: ['-l'], one: true },
    go: { program: 'gofmt', args: ['-l'] },
    // Only parsed: the SDK is not here.
    java: { program: 'javac', args: ['-proc:none', '-encoding', 'US-ASCII', '-XDshould-stop.ifNoError=PARSE'] },
  };

  it('compilers and interpreters read them', async () => {
    const files = new Map<string, string[]>();
    for (const call of callNames) {
      const plain = call === 'save' ? 'a|sys/saveas,o_YQ' : call === 'async' ? 'x' : '';
      const nasty = await snippetsOf(servers.lenient, call, `k/${NASTY}`, `image/resize,w_1/${NASTY}`);
      for (const { syntax, code } of [...nasty, ...(await snippetsOf(servers.lenient, call, 'photo.jpg', plain))]) {
        const ending = syntax === 'python' ? 'py' : syntax;
        const file = join(room(), syntax === 'java' ? 'Demo.java' : `snippet.${ending}`);
        writeFileSync(file, syntax === 'go' ? `${code}\n` : code);
        files.set(syntax, [...(files.get(syntax) ?? []), file]);
      }
    }
    const read = Object.entries(checkers).filter(([, { program }]) => hasProgram(program));
    expect(read.length).toBeGreaterThanOrEqual(3);
    for (const [syntax, { program, args, one }] of read) {
      const all = files.get(syntax) ?? [];
      expect(all.length, syntax).toBeGreaterThanOrEqual(2 * callNames.length);
      for (const batch of one ? all.map((file) => [file]) : [all]) {
        const { status, stdout, stderr } = spawnSync(program, [...args, ...batch], { encoding: 'utf8' });
        const said = `${batch.join(' ')}: ${stdout}${stderr}`;
        expect([status, syntax === 'go' ? stdout : ''], said).toEqual([0, '']);
      }
    }
  });

  it('clients of every language, with the address that was asked', async () => {
    const { clients } = await servers.lenient.control<{ clients: readonly Snippet[] }>('get', 'clients');
    const languages = ['shell', 'node', 'python', 'go', 'java', 'php', 'cpp'];
    expect([...new Set(clients.map(({ language }) => language))]).toEqual(languages);
    const port = new URL(servers.lenient.ossite.endpoint).port;
    for (const { code, title, name } of clients) {
      expect(code).toMatch(new RegExp(`http://(127\\.0\\.0\\.1|localhost):${port}`));
      expect(code).toContain('ossite-secret');
      expect([title, name].every((text) => text.length > 0)).toBe(true);
    }
  });

  it('in a namespace code has its key, and curl a URL of it', async () => {
    const snippets = await snippetsOf(servers.lenient, 'head', 'photo.jpg', '', 'worker-1');
    for (const { code } of snippets) expect(code).toContain('worker-1');
  });

  it.each([
    [{ call: 'copy', bucket: BUCKET, key: 'a' }, 'InvalidArgument', 'call must be one of get, save'],
    [{ call: 'get', bucket: 'a/b', key: 'a' }, 'InvalidArgument', 'bucket must be'],
    [{ call: 'get', bucket: BUCKET, key: '' }, 'InvalidObjectName', 'can not be empty'],
    [{ call: 'get', bucket: BUCKET, key: '/a' }, 'InvalidObjectName', ''],
    [{ call: 'get', bucket: BUCKET, key: 1 }, 'InvalidArgument', 'key and process must be texts'],
    [{ call: 'save', bucket: BUCKET, key: 'a' }, 'InvalidArgument', 'save needs a process string'],
    [{ call: 'get', bucket: BUCKET, key: 'a', mode: 'x' }, 'InvalidArgument', 'there is no mode'],
  ])('%j is a mistake', async (body, code, message) => {
    const answer = await servers.lenient.request('post', '/_ossite/snippets', { body: JSON.stringify(body) });
    const { error } = JSON.parse(answer.text) as { error: { code: string; message: string } };
    expect([answer.status, error.code]).toEqual([400, code]);
    expect(error.message).toContain(message);
  });
});

const hasProgram = (name: string): boolean =>
  existsSync(name) || spawnSync('sh', ['-c', `command -v ${name}`]).status === 0;
