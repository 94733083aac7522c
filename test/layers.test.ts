/** The layers hold, and the rule that says so works: a planted violation must be found. */
import { execFileSync, spawnSync } from 'node:child_process';
import { readFileSync, rmSync, writeFileSync } from 'node:fs';
import { dirname, join, relative, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';
import { describe, expect, it } from 'vitest';

const root = fileURLToPath(new URL('..', import.meta.url));
const found = execFileSync('find', ['src', '-name', '*.ts', '-o', '-name', '*.tsx'], { cwd: root });
const all = found.toString().trim().split('\n');
/** What runs in a browser is a program of its own. */
const CONSOLE = 'src/server/console/';
const files = all.filter((file) => !file.startsWith(CONSOLE));
/** `testing` is what other people's tests import: it may use everything, and nothing uses it. */
const order = ['store', 'processors', 'server', 'testing'];

/** Files with the modules they import, relative ones as paths from the root. */
const importsOf = (these: readonly string[]) =>
  these.flatMap((file) =>
    [...readFileSync(join(root, file), 'utf8').matchAll(/(?:from|import)\s*\(?\s*'([^']+)'/g)].map(([, name = '']) => ({
      file,
      name: name.startsWith('.') ? relative(root, resolve(root, dirname(file), name)) : name,
    })),
  );
const imports = importsOf(files);

describe('layers: server -> processors -> store', () => {
  it('no import goes up', () => {
    expect(imports.length).toBeGreaterThan(200);
    const level = (path: string) => order.indexOf(path.split('/')[1] ?? '');
    const upward = imports.filter(({ file, name }) => name.startsWith('src/') && level(name) > level(file));
    expect(upward).toEqual([]);
  });

  it('the linter finds a violation planted in each', () => {
    const planted = [
      ['src/store/planted.ts', "import { bind } from '../processors/bind.ts';\nexport const planted = bind;\n"],
      ['src/processors/planted.ts', "import { start } from '../server/start.ts';\nexport const planted = start;\n"],
      [`${CONSOLE}planted.ts`, "import { start } from '../../server/start.ts';\nexport const planted = start;\n"],
    ] as const;
    const names = planted.map(([file]) => file);
    try {
      for (const [file, text] of planted) writeFileSync(join(root, file), text);
      const args = ['biome', 'lint', '--colors=off', '--reporter=github', ...names];
      const { status, stdout } = spawnSync('npx', args, { cwd: root, encoding: 'utf8' });
      expect(status).not.toBe(0);
      for (const file of names) {
        const said = stdout.split('\n').find((line) => line.includes(`${file},line=`));
        expect(said, file).toMatch(/server -> processors -> store|control API and OSS alone/);
      }
    } finally {
      for (const file of names) rmSync(join(root, file), { force: true });
    }
  });

  it('the console reaches for nothing outside its folder, and nothing reaches into it', () => {
    const own = importsOf(all.filter((file) => file.startsWith(CONSOLE) && !file.endsWith('vite.config.ts')));
    expect(own.length).toBeGreaterThan(50);
    const allowed = (name: string) => name.startsWith(CONSOLE) || /^(preact(\/hooks)?|@preact\/signals)$/.test(name);
    expect(own.filter(({ name }) => !allowed(name))).toEqual([]);
    expect(imports.filter(({ name }) => name.startsWith(CONSOLE))).toEqual([]);
  });

  // One door for each engine and library that is hard, or unruly.
  it.each([
    ['fluent-ffmpeg', /^src\/processors\/media\/ffmpeg\.ts$/],
    ['libreoffice-convert', /^src\/processors\/doc\/soffice\.ts$/],
    ['better-sqlite3', /^src\/store\/db\.ts$/],
    ['hash-wasm', /^src\/store\/blobs\.ts$/],
    ['koa', /^src\/server\/(app|exchange|reply)\.ts$/],
    ['prom-client', /^src\/server\/metrics\.ts$/],
    ['@fastify/busboy', /^src\/server\/post-form\/form\.ts$/],
    ['node:child_process', /^src\/processors\/(children|doc\/soffice)\.ts$/],
  ])('%s has one door', (name, door) => {
    const users = [...new Set(imports.filter((found) => found.name === name).map(({ file }) => file))];
    expect(users.length).toBeGreaterThan(0);
    expect(users.filter((file) => !door.test(file))).toEqual([]);
  });

  it('connections are opened behind three doors, one of them the command line’s own', () => {
    const door = /^src\/server\/(courier|callback\/send|command-line\/client)\.ts$/;
    const opens =
      /\bfetch\(|from '(undici|node:(https|http2|tls|dgram))'|import\('node:https?'\)|\{[^}]*\b(request|get|connect|createConnection)\b[^}]*\} from 'node:(http|net)'/;
    const users = files.filter((file) => opens.test(readFileSync(join(root, file), 'utf8')));
    expect(users.filter((file) => !door.test(file))).toEqual([]);
    expect(users).toEqual(expect.arrayContaining(['src/server/courier.ts', 'src/server/callback/send.ts']));
  });
});
