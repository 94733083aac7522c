/** The package as npm packs it, in an empty directory; and the pages about its use, whose commands and programs run there. */
import { execFile } from 'node:child_process';
import { cpSync, existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { promisify } from 'node:util';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type Ossite, startOssite } from '../src/server/index.ts';
import { readDescription } from '../src/server/seed/description.ts';
import { version } from '../src/server/version.ts';
import { blocks, rootPath as root, steady } from './helpers/pages.ts';

const run = promisify(execFile);
const dir = mkdtempSync(join(tmpdir(), 'ossite-package-test-'));
afterAll(() => rmSync(dir, { recursive: true }));

const user = join(dir, 'user');
const installed = join(user, 'node_modules', 'ossite');
let contents: readonly string[];

const parts = [
  'src',
  'scripts',
  'fixtures/media',
  'package.json',
  'README.md',
  'README.zh-CN.md',
  'CHANGELOG.md',
  'LICENSE',
];

/** Packs a copy, so that the build of the clone stays what it is, and installs it without a network. */
beforeAll(async () => {
  const staged = join(dir, 'staged');
  for (const name of [...parts, 'tsconfig.json', 'tsconfig.build.json'])
    cpSync(join(root, name), join(staged, name), { recursive: true });
  symlinkSync(join(root, 'node_modules'), join(staged, 'node_modules'));
  await run('npm', ['run', '--silent', 'build'], { cwd: staged });
  const { stdout } = await run('npm', ['pack', '--json', '--silent', '--pack-destination', dir], { cwd: staged });
  const [packed] = JSON.parse(stdout) as { filename: string; files: { path: string }[] }[];
  contents = packed?.files.map(({ path }) => path) ?? [];
  mkdirSync(installed, { recursive: true });
  await run('tar', ['-xzf', join(dir, packed?.filename ?? ''), '-C', installed, '--strip-components=1']);
  // What npm would have installed beside it.
  symlinkSync(join(root, 'node_modules'), join(installed, 'node_modules'));
  for (const name of ['vitest', '@types', 'vite', 'testcontainers'])
    symlinkSync(join(root, 'node_modules', name), join(user, 'node_modules', name));
  writeFileSync(join(user, 'package.json'), '{"type": "module"}');
  mkdirSync(join(user, 'bin'));
  writeFileSync(
    join(user, 'bin', 'ossite'),
    `#!/bin/sh\nexec '${process.execPath}' '${join(installed, 'dist/server/main.js')}' "$@"\n`,
    { mode: 0o755 },
  );
  for (const name of ['photo.jpg', 'clip.mp4', 'report.docx'])
    cpSync(join(installed, 'fixtures/media', name), join(user, name));
});

/** Runs something where the package is installed. */
const there = (program: string, args: readonly string[], env: NodeJS.ProcessEnv = {}) =>
  run(program, args, { cwd: user, env: { ...process.env, ...env, PATH: `${join(user, 'bin')}:${process.env.PATH}` } });

describe('the package', () => {
  it('holds what runs, its types and the media of the demo bucket, and nothing else', () => {
    for (const path of [
      'dist/server/main.js',
      'dist/server/index.d.ts',
      'dist/processors/doc/office-client.sh',
      'dist/processors/media/ffmpeg-in-group.sh',
      'fixtures/media/photo.jpg',
      'LICENSE',
    ])
      expect(contents).toContain(path);
    const other = contents.filter(
      (path) => !/^(dist\/|fixtures\/media\/|README|CHANGELOG|LICENSE|package\.json)/.test(path),
    );
    expect(other).toEqual([]);
  });

  it('has every file that its package.json promises', () => {
    const { exports: paths, bin } = JSON.parse(readFileSync(join(installed, 'package.json'), 'utf8')) as {
      exports: Record<string, Record<string, string>>;
      bin: Record<string, string>;
    };
    for (const path of [...Object.values(paths).flatMap((one) => Object.values(one)), ...Object.values(bin)])
      expect(existsSync(join(installed, path)), path).toBe(true);
  });

  it('asks npm for all that it imports', () => {
    const { dependencies, peerDependencies = {} } = JSON.parse(
      readFileSync(join(installed, 'package.json'), 'utf8'),
    ) as Record<string, Record<string, string>>;
    const modules = contents
      .filter((path) => path.endsWith('.js'))
      .flatMap((path) => {
        const code = readFileSync(join(installed, path), 'utf8');
        return [...code.matchAll(/^(?:import|export) .*?from '([^'.][^']*)'|\bimport\('([^'.][^']*)'\)/gm)].map(
          ([, fixed, lazy]) => ({ path, name: (fixed ?? lazy ?? '').match(/^(?:@[^/]+\/)?[^/]+/)?.[0] ?? '' }),
        );
      });
    expect(modules.length).toBeGreaterThan(100);
    const known = { ...dependencies, ...peerDependencies };
    expect(modules.filter(({ name }) => !name.startsWith('node:') && !(name in known))).toEqual([]);
  });

  it('has a command', async () => {
    expect((await there('ossite', ['--version'])).stdout).toBe(`${version}\n`);
  });

  // A declaration of ours that needs theirs would ask every user for @types/better-sqlite3.
  it('has types that need no package but those it is used with', () => {
    const reached = new Set<string>();
    const packages = new Set<string>();
    const follow = (path: string): void => {
      if (reached.has(path)) return;
      reached.add(path);
      // Not what comments show.
      const code = readFileSync(join(installed, path), 'utf8').replace(/\/\*[\s\S]*?\*\//g, '');
      for (const [, name = ''] of code.matchAll(/(?:from|import\() ?'([^']+)'/g)) {
        if (!name.startsWith('.')) packages.add(name);
        else follow(join(dirname(path), name).replace(/\.[jt]s$/, '.d.ts'));
      }
    };
    for (const name of ['server/index', 'testing/vitest', 'testing/testcontainers']) follow(`dist/${name}.d.ts`);
    expect(reached.size).toBeGreaterThan(5);
    expect([...packages].filter((name) => !name.startsWith('node:'))).toEqual(['testcontainers']);
  });

  it('has types', async () => {
    const use = `import { type Ossite, startOssite } from 'ossite';
const oss: Ossite = await startOssite({ port: 0, dataDir: '/tmp/x', buckets: ['media'] });
const state: string = (await oss.tasks.wait('id', 1000)).state;
await oss.reset({ keep: 'seed' });
// @ts-expect-error: there is no such setting
await startOssite({ colour: 'red' });
// A variable that is not set is an option that is not given.
await startOssite({ region: process.env.REGION });
export { state };
`;
    writeFileSync(join(user, 'use.ts'), use);
    await compile('use.ts');
  });

  it('has types of its matchers and of its container', async () => {
    const use = `import { OssiteContainer, type StartedOssiteContainer } from 'ossite/testcontainers';
import { expect } from 'vitest';
import 'ossite/vitest';
const bytes = new Uint8Array();
await expect(bytes).toBeImage({ format: 'webp', width: 100, near: bytes, within: 0.1 });
await expect(bytes).toBeMedia({ video: { codec: 'h264' }, audio: false, duration: 3 });
await expect(bytes).not.toBePdf({ pages: 2 });
// @ts-expect-error: pictures have no colour here
await expect(bytes).toBeImage({ colour: 'red' });
const started: StartedOssiteContainer = await new OssiteContainer('ossite:0.1.0').start();
const endpoint: string = started.endpoint;
export { endpoint };
`;
    writeFileSync(join(user, 'use-others.ts'), use);
    await compile('use-others.ts');
  });
});

/** Checks types as a strict project would. */
async function compile(...files: readonly string[]): Promise<void> {
  const options = [
    '--noEmit',
    '--strict',
    '--skipLibCheck',
    '--module',
    'nodenext',
    '--target',
    'es2023',
    '--types',
    'node',
  ];
  await there(join(root, 'node_modules/.bin/tsc'), [...options, ...files]).catch((error: { stdout: string }) => {
    throw new Error(error.stdout);
  });
}

describe('docs/library.md', () => {
  it.each(blocks('docs/library.md', 'ts'))(
    'the program writes what the page says: $output',
    async ({ code, output }) => {
      writeFileSync(join(user, 'program.ts'), code);
      await compile('program.ts');
      // Types are erased by the same tool that runs the tests.
      const { stdout } = await there(process.execPath, ['--import', import.meta.resolve('tsx'), 'program.ts']);
      expect(stdout).toBe(output);
    },
  );
});

describe('docs/recipes.md', () => {
  it('the recipe for vitest works', async () => {
    const files = blocks('docs/recipes.md', 'ts');
    expect(files.map(({ name }) => name)).toEqual(['vitest.config.ts', 'oss.setup.ts', 'thumbnail.test.ts']);
    for (const { name, code } of files) writeFileSync(join(user, name), code);
    await compile(...files.map(({ name }) => name));
    const { stdout } = await there(process.execPath, [join(root, 'node_modules/vitest/vitest.mjs'), 'run'], {
      NO_COLOR: '1',
    });
    expect(stdout).toMatch(/Tests +1 passed/);
  });

  it.each(blocks('docs/recipes.md', 'sh'))('the commands write what the page says: $code', async ({ code, output }) => {
    const port = String(await freePort());
    const { stdout } = await there('sh', ['-ec', code.replaceAll('6771', port)]);
    expect(stdout).toBe(output.replaceAll('6771', port));
  });
});

describe('docs/cli.md', () => {
  let server: Ossite;
  beforeAll(async () => {
    server = await startOssite({ port: 0, storage: 'memory', log: 'silent' });
    const [description] = blocks('docs/cli.md', 'yaml');
    mkdirSync(join(user, 'seed', 'photos'), { recursive: true });
    writeFileSync(join(user, 'seed', 'ossite.yaml'), description?.code ?? '');
    cpSync(join(user, 'photo.jpg'), join(user, 'seed', 'photos', 'photo.jpg'));
  });
  afterAll(() => server.close());

  it('the description of a seed directory is one', async () => {
    expect([...(await readDescription(join(user, 'seed'))).keys()]).toEqual(['photos', 'empty']);
  });

  it.each(blocks('docs/cli.md', 'sh'))('the commands write what the page says: $code', async ({ code, output }) => {
    const { stdout } = await there('sh', ['-ec', code], { OSSITE_ENDPOINT: server.endpoint });
    expect(steady(stdout, server.endpoint)).toBe(steady(output));
  });
});

/** A port that nobody listens on. */
function freePort(): Promise<number> {
  return new Promise((resolve) => {
    const probe = createServer().listen(0, '127.0.0.1', () => {
      const address = probe.address();
      probe.close(() => resolve(typeof address === 'object' && address !== null ? address.port : 0));
    });
  });
}
