/** Documentation that is derived from the code is current, and its commands work. */
import { execFile } from 'node:child_process';
import {
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { promisify } from 'node:util';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { derivedFiles, derivedParts, withParts } from '../scripts/write-docs.ts';
import { startOssite } from '../src/server/index.ts';
import { endpoint, ensureBucket, finished, fixture, get, put } from './helpers/ossite.ts';
import { ownServer } from './helpers/own-server.ts';
import { blocks, PRINTED, readPage, rootPath, steady } from './helpers/pages.ts';

const run = promisify(execFile);

interface Output {
  readonly stdout: string;
  readonly stderr: string;
}

/** Workers of vitest that share a server, as many as a large machine has. */
const WORKERS = 16;

/** A directory for what commands write. */
function workplace(): string {
  const dir = mkdtempSync(join(tmpdir(), 'ossite-docs-'));
  afterAll(() => rmSync(dir, { recursive: true }));
  return dir;
}

const parts = await derivedParts();

it.each(derivedFiles)('%s is current (`npm run docs` writes it)', (name) => {
  const text = readPage(name);
  expect(text).toMatch(/<!-- begin \w+ -->/);
  expect(withParts(text, parts)).toBe(text);
});

describe('docs/media.md', () => {
  const dir = workplace();
  beforeAll(async () => {
    await ensureBucket('demo');
    for (const name of ['clip.mp4', 'song.mp3']) await put('demo', name, fixture(name));
  });

  it.each(blocks('docs/media.md', 'sh').map(({ code }) => [/process=([^|']+)/.exec(code)?.[1] ?? '', code] as const))(
    'the command works: %s',
    async (_, text) => {
      const { stdout } = await run('sh', ['-ec', text.replaceAll('http://127.0.0.1:6770', endpoint)], { cwd: dir });
      const result = stdout === '' ? readFileSync(join(dir, 'result')) : Buffer.from(stdout);
      expect(result.toString('latin1')).not.toContain('<Error>');
      if (!text.includes('x-oss-async-process')) return expect(result.length).toBeGreaterThan(100);
      const task = await finished((JSON.parse(stdout) as { TaskId: string }).TaskId);
      expect(task, task.Message).toMatchObject({ Status: 'Succeeded' });
      expect(task.Outputs.length).toBeGreaterThan(0);
      for (const { Key, Size } of task.Outputs) expect((await get('demo', Key)).bytes.length).toBe(Size);
    },
  );
});

// One after another, as a reader would: later commands see what earlier ones did.
describe.each(['README.md', 'docs/testing.md'])('%s', async (page) => {
  const server = await ownServer({ demo: true, namespaces: 'worker-*' });
  const dir = workplace();
  symlinkSync(join(rootPath, 'fixtures'), join(dir, 'fixtures'));
  mkdirSync(join(dir, 'bin'));
  const main = `'${process.execPath}' --import '${import.meta.resolve('tsx')}' '${join(rootPath, 'src/server/main.ts')}'`;
  writeFileSync(join(dir, 'bin', 'ossite'), `#!/bin/sh\nexec ${main} "$@"\n`, { mode: 0o755 });
  const env = {
    ...process.env,
    PATH: `${join(dir, 'bin')}:${process.env.PATH}`,
    OSSITE_ENDPOINT: server.ossite.endpoint,
  };

  const talking = blocks(page, 'sh').filter(({ code }) => code.includes(PRINTED) || code.startsWith('ossite '));

  it.each(talking)('the commands write what the page says: $code', async ({ code, output }) => {
    const script = `exec 2>&1\n${code.replaceAll(PRINTED, server.ossite.endpoint)}`;
    const { stdout } = await run('sh', ['-ec', script], { cwd: dir, env });
    expect(steady(stdout, server.ossite.endpoint)).toBe(steady(output));
  });
});

describe.each(['README.md', 'README.zh-CN.md'])('%s', (page) => {
  it('its program for ali-oss works', async () => {
    const dir = workplace();
    symlinkSync(join(rootPath, 'node_modules'), join(dir, 'node_modules'));
    const server = await startOssite({ port: 0, storage: 'memory', log: 'silent', demo: true });
    const [program] = blocks(page, 'js').filter(({ code }) => code.includes("require('ali-oss')"));
    writeFileSync(
      join(dir, 'program.cjs'),
      (program?.code ?? '').replaceAll('localhost:6770', `localhost:${new URL(server.endpoint).port}`),
    );
    const { stdout } = await run(process.execPath, ['program.cjs'], { cwd: dir }).finally(() => server.close());
    expect(stdout).toBe('200\n');
  });
});

/** The headings of a page by their depth, and what is the same in every language: links, pictures, code. */
function shapeOf(page: string) {
  const text = readPage(page);
  const prose = text.replace(/```[\s\S]*?```/g, '');
  const found = (pattern: RegExp) => [...prose.matchAll(pattern)].map(([, part = '']) => part);
  const code = (language: string) => blocks(page, language).map((block) => block.code.replace(/ *\/\/ .*/g, ''));
  return {
    headings: found(/^(#+) /gm),
    links: found(/\]\(([^)]+)\)/g)
      .filter((target) => !target.startsWith('README'))
      .sort(),
    named: [...new Set(found(/`([^`\n]+)`/g))].sort(),
    commands: blocks(page, 'sh'),
    programs: code('js'),
  };
}

it('README.zh-CN.md says what README.md says: the same commands, programs, links and names in the same order of headings', () => {
  expect(shapeOf('README.zh-CN.md')).toEqual(shapeOf('README.md'));
});

const pages = [
  ...['README.md', 'README.zh-CN.md', 'CONTRIBUTING.md', 'CHANGELOG.md'],
  ...readdirSync(join(rootPath, 'docs')).flatMap((name) => (name.endsWith('.md') ? [`docs/${name}`] : [])),
];

/** The names under which GitHub links to a page's headings. */
const anchors = (page: string): readonly string[] =>
  [...readPage(page).matchAll(/^#+ (.*)$/gm)].map(([, title = '']) =>
    title
      .toLowerCase()
      .replace(/[^\p{L}\p{N}_ -]/gu, '')
      .replaceAll(' ', '-'),
  );

it.each(pages)('the links of %s lead somewhere', (page) => {
  const links = [...readPage(page).matchAll(/\]\((?!https?:)([^)#]*)(?:#([^)]*))?\)/g)];
  const dead = links.filter(([, path = '', anchor]) => {
    const target = path === '' ? page : join(dirname(page), path);
    return !existsSync(join(rootPath, target)) || (anchor !== undefined && !anchors(target).includes(anchor));
  });
  expect(dead.map(([link]) => link)).toEqual([]);
});

it('README.md leads to every page', () => {
  const unlinked = pages.filter((name) => name.startsWith('docs/') && !readPage('README.md').includes(`](${name})`));
  expect(unlinked).toEqual([]);
});

describe('docs/testing.md, namespaces', async () => {
  const dir = workplace();
  const server = await ownServer({ demo: true, namespaces: 'worker-*' });
  /** A test file for a worker: all meet before they begin, so that they really work at the same time. */
  const file = (client: string) => `import { readdirSync, writeFileSync } from 'node:fs';
import OSS from 'ali-oss';
import { expect, test } from 'vitest';

${client}
const me = process.env.VITEST_POOL_ID;
test('all is as if nobody else were there', async () => {
  writeFileSync('met/' + me, '');
  await expect.poll(() => readdirSync('met').length, { timeout: 90_000 }).toBe(${WORKERS});
  for (let round = 0; round < 5; round += 1) {
    expect(((await client.list({ 'max-keys': 100 })).objects ?? []).map(({ name }) => name)).not.toContain('mine.txt');
    await client.put('mine.txt', Buffer.from(me + ' ' + round));
    await client.put('photo.jpg', Buffer.from('not a photograph in ' + me));
    await client.putBucket('own');
    expect((await client.listBuckets()).buckets.map(({ name }) => name)).toEqual(['demo', 'own']);
    expect(String((await client.get('mine.txt')).content)).toBe(me + ' ' + round);
    expect(String((await client.get('photo.jpg')).content)).toBe('not a photograph in ' + me);
    const reset = await fetch(process.env.OSSITE_ENDPOINT + '/_ossite/reset?namespace=worker-' + me, { method: 'POST' });
    expect(reset.status).toBe(200);
    const { res } = await client.get('photo.jpg', { process: 'image/resize,w_1' + me });
    expect(res.headers['content-type']).toBe('image/jpeg');
  }
}, 120_000);
`;

  it(`${WORKERS} workers of vitest share a server and see nothing of each other`, async () => {
    symlinkSync(join(rootPath, 'node_modules'), join(dir, 'node_modules'));
    mkdirSync(join(dir, 'met'));
    const [snippet] = blocks('docs/testing.md', 'js').filter(({ code }) => code.includes('VITEST_POOL_ID'));
    const client = (snippet?.code ?? '').replace('localhost:6770', `localhost:${new URL(server.ossite.endpoint).port}`);
    for (let i = 1; i <= WORKERS; i += 1) writeFileSync(join(dir, `w${i}.test.js`), file(client));
    const vitest = join(rootPath, 'node_modules/vitest/vitest.mjs');
    const args = [vitest, 'run', '--root', dir, '--pool', 'threads', '--maxWorkers', String(WORKERS), '--no-isolate'];
    const env = { ...process.env, NO_COLOR: '1', OSSITE_ENDPOINT: server.ossite.endpoint };
    const { stdout, stderr } = await run(process.execPath, args, { cwd: dir, env }).catch((error: Output) => error);
    expect(stdout + stderr).toMatch(new RegExp(`Tests +${WORKERS} passed \\(${WORKERS}\\)`));
    // Nothing of it is in what all others share.
    expect((await server.request('get', '/')).text.match(/<Name>[^<]*/g)).toEqual(['<Name>demo']);
  }, 180_000);
});
