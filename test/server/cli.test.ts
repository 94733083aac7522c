import { spawn } from 'node:child_process';
import { once } from 'node:events';
import {
  copyFileSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { PassThrough } from 'node:stream';
import { fileURLToPath } from 'node:url';
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest';
import { createProgram } from '../../src/server/command-line/program.ts';
import { progressBar } from '../../src/server/command-line/progress.ts';
import { type Ossite, startOssite } from '../../src/server/index.ts';
import { languages, sdks } from '../../src/server/sdks/index.ts';
import { version } from '../../src/server/version.ts';
import { ossite } from '../helpers/command.ts';
import { endpoint, fixture, frontDoor, saveas } from '../helpers/ossite.ts';
import { processesWith, startProcess } from '../helpers/process.ts';
import { Client } from '../helpers/sdk.ts';
import '../../src/testing/vitest.ts';

const dir = mkdtempSync(join(tmpdir(), 'ossite-cli-test-'));
afterAll(() => rmSync(dir, { recursive: true }));

const NOWHERE = 'http://127.0.0.1:1';
const commands = (await createProgram()).commands;

describe('the command line', () => {
  it('has the commands of the contract', () => {
    const names = commands.map((command) => command.name());
    expect(names).toEqual(['doctor', 'env', 'explain', 'process', 'reset', 'seed', 'start', 'status', 'wait']);
  });

  it('every command has help with an example', () => {
    for (const command of commands) {
      let text = '';
      const writeOut = (part: string) => {
        text += part;
      };
      command.configureOutput({ writeOut }).outputHelp();
      expect(text).toContain(`Usage: ossite ${command.name()}`);
      expect(text).toMatch(/Examples:\n {2}\$ .*ossite /);
    }
  });

  it.each([
    [['--version'], 0, `${version}\n`, ''],
    [['strat'], 2, '', 'ossite: unknown command strat; known are doctor, env,'],
    [['start', '--prot', '1'], 2, '', "ossite: unknown option '--prot'\n(Did you mean --port?)"],
    [['start', '--port', 'x'], 2, '', 'ossite: --port must be an integer from 0 to 65535, not "x"\n'],
    [
      ['start', '--port', '0', '--host', '192.0.2.1', '--storage', 'memory'],
      1,
      '',
      '--host must be an address of this',
    ],
    [['start', '--port', '0', '--data-dir', '/dev/null'], 1, '', 'ossite: /dev/null can not be used: ENOTDIR'],
    [['explain'], 2, '', "ossite: missing required argument 'process'\n"],
    [['wait', '--timeout', 'long'], 2, '', 'ossite: --timeout must be a number of seconds, not long\n'],
    [['status', '--endpoint', 'oss:6770'], 2, '', 'ossite: --endpoint must be an http or https URL, not oss:6770\n'],
    [['env', '--lang', 'cobol'], 2, '', "argument 'cobol' is invalid. Allowed choices are shell, node, python,"],
    [['status', '--endpoint', NOWHERE], 1, '', `ossite: no server answers at ${NOWHERE}: nothing listens there;`],
    [['wait', '--timeout', '0', '--endpoint', NOWHERE], 1, '', 'ossite: not ready after 0 s: no server answers'],
  ] as const)('%j ends with code %i', async (args, code, stdout, stderr) => {
    const ended = await ossite(args);
    expect(ended).toMatchObject({ code, stdout });
    expect(ended.stderr).toContain(stderr);
  });
});

describe('commands that talk to a server', () => {
  let server: Ossite;
  let door: ReturnType<typeof frontDoor>;
  let env: NodeJS.ProcessEnv;
  beforeAll(async () => {
    server = await startOssite({ port: 0, storage: 'memory', log: 'silent', demo: true, buckets: ['photos'] });
    door = frontDoor(server.endpoint);
    env = { OSSITE_ENDPOINT: server.endpoint };
  });
  afterAll(() => server.close());

  it('status tells what runs', async () => {
    const { code, stdout } = await ossite(['status'], { env });
    expect(code).toBe(0);
    expect(stdout).toContain(`ossite ${version} at ${server.endpoint}, ready, up `);
    const [, place = ''] = /^region cn-hangzhou, auth lenient, storage memory, data in (.+)$/m.exec(stdout) ?? [];
    expect(readdirSync(place)).toContain('ossite.db');
    expect(stdout).toMatch(/^tasks: 0 running, 0 queued, \d+ at once$/m);
    expect(stdout).toMatch(/^ffmpeg +\d/m);
    // Not a terminal: no colours.
    expect(stdout).not.toContain('\u001b');
  });

  it('status --json is for programs', async () => {
    const { stdout } = await ossite(['status', '--json'], { env });
    expect(JSON.parse(stdout)).toMatchObject({
      endpoint: server.endpoint,
      ready: true,
      tasks: { queued: 0, running: 0 },
      version,
    });
  });

  it('wait ends when the server is ready', async () => {
    expect(await ossite(['wait'], { env })).toEqual({ code: 0, stdout: `ready: ${server.endpoint}\n`, stderr: '' });
  });

  it('wait waits for one that is still to come', async () => {
    const first = await startProcess(join(dir, 'late'), ['--demo']);
    await first.stop('SIGTERM');
    const { port } = new URL(first.endpoint);
    const waiting = ossite(['wait', '--timeout', '60', '--endpoint', first.endpoint]);
    const second = await startProcess(join(dir, 'late'), ['--port', port]);
    expect(await waiting).toMatchObject({ code: 0 });
    expect(await second.stop('SIGTERM')).toBe(0);
  });

  it('explain shows the stages, or what the service would say', async () => {
    const { code, stdout } = await ossite(
      ['explain', 'image/resize,w_100/rotate,90', '--bucket', 'demo', '--key', 'photo.jpg'],
      { env },
    );
    expect(code).toBe(0);
    expect((JSON.parse(stdout) as { stages: { action: string }[] }).stages.map(({ action }) => action)).toEqual([
      'image/resize',
      'image/rotate',
    ]);
    const refused = await ossite(['explain', 'image/resize,w_abc'], { env });
    expect(refused).toEqual({
      code: 1,
      stdout: '',
      stderr:
        'ossite: InvalidArgument: The value: abc of parameter: w is invalid. · image/resize: w must be an integer from 1 to 16384, not abc.\n',
    });
  });

  it('reset leaves what the server was started with', async () => {
    await door.put('photos', 'new.txt', Buffer.from('x'));
    await door.ensureBucket('later');
    expect(await ossite(['reset', 'photos'], { env })).toEqual({ code: 0, stdout: 'reset: photos\n', stderr: '' });
    expect((await door.get('photos', 'new.txt')).status).toBe(404);
    expect((await door.get('later', '')).status).toBe(200);
    expect(await ossite(['reset', '--keep-seed'], { env })).toMatchObject({ code: 0 });
    expect((await door.get('later', '')).status).toBe(404);
    expect((await door.head('demo', 'photo.jpg')).status).toBe(200);
  });

  it('a server that is none of ours is told from one', async () => {
    const other = createServer((_, res) => void res.writeHead(404).end('nothing here')).listen(0, '127.0.0.1');
    await once(other, 'listening');
    const at = `http://127.0.0.1:${(other.address() as AddressInfo).port}`;
    const { code, stderr } = await ossite(['status', '--endpoint', at]);
    expect([code, stderr]).toEqual([1, `ossite: ${at} answers 404 to /_ossite/ready: is that an Ossite server?\n`]);
    other.close();
  });
});

describe('env', () => {
  it('gives a shell what SDKs read', async () => {
    const env = {
      OSSITE_ENDPOINT: 'http://oss:1234',
      OSSITE_REGION: 'cn-beijing',
      OSSITE_ACCESS_KEYS: "me:it's secret",
    };
    const { stdout } = await ossite(['env'], { env });
    expect(stdout).toBe(`export OSSITE_ENDPOINT=http://oss:1234
export OSS_ENDPOINT=http://oss:1234
export OSS_REGION=cn-beijing
export OSS_ACCESS_KEY_ID=me
export OSS_ACCESS_KEY_SECRET='it'\\''s secret'
`);
  });

  it('has every language of the contract, each with what it was told', async () => {
    expect(languages).toEqual(['shell', 'node', 'python', 'go', 'java', 'php', 'cpp']);
    const to = { endpoint: 'http://127.0.0.1:6770', id: 'my-id', secret: 'my-secret', region: 'cn-beijing' };
    for (const { language, client } of sdks) {
      const text = client(to);
      for (const part of ['my-id', 'my-secret', language === 'node' ? 'http://localhost:6770' : to.endpoint])
        expect(text).toContain(part);
    }
  });

  // rest-core.md §5.1: by name, most put the bucket into the host unless they are told not to.
  it.each(sdks.filter(({ language }) => language !== 'shell').map((sdk) => [sdk.name, sdk] as const))(
    '%s puts the bucket into the path when the server has a name',
    (_, { client }) => {
      const text = client({ endpoint: 'http://oss:6770', id: 'i', secret: 's', region: 'r' });
      expect(text).toMatch(/sldEnable: true|path_?style(=|\s=>?\s|\()?|setSLDEnabled\(true\)/i);
    },
  );

  it('what it prints for Node works as it stands', async () => {
    const { stdout } = await ossite(['env', '--lang', 'node', '--endpoint', endpoint]);
    const [, options = ''] = /new OSS\((\{[\s\S]*\})\)/.exec(stdout) ?? [];
    const client = new Client(new Function(`return ${options}`)() as object);
    await client.putBucket('demo');
    expect((await client.put('a.txt', Buffer.from('x'))).res.status).toBe(200);
  });
});

describe('doctor', () => {
  it('lists engines, encoders and fonts of a machine that has them', async () => {
    const { code, stdout } = await ossite(['doctor']);
    expect(stdout).toMatch(/^ {2}libvips +\d/m);
    expect(stdout).toMatch(/^ {2}libx265 +h265$/m);
    expect(stdout).toMatch(/^ {2}wqy-zenhei +WenQuanYi Zen Hei$/m);
    expect(code).toBe(0);
  });

  it('says what is missing for which operation, and ends with 1', async () => {
    // A PATH without engines.
    const path = join(dir, 'path');
    mkdirSync(path);
    for (const program of ['sh', 'nice']) symlinkSync(`/usr/bin/${program}`, join(path, program));
    const { code, stdout, stderr } = await ossite(['doctor', '--json'], { env: { PATH: path } });
    const { engines } = JSON.parse(stdout) as { engines: { name: string; state: string; detail: string }[] };
    const soffice = engines.find(({ name }) => name === 'soffice');
    expect(soffice).toMatchObject({ state: 'missing', detail: expect.stringContaining('doc/convert') });
    expect(engines.find(({ name }) => name === 'ffmpeg')?.detail).toMatch(
      /video\/snapshot .*audio\/convert|audio\/convert.*video\/snapshot/,
    );
    expect(engines.find(({ name }) => name === 'sharp')?.state).toBe('found');
    expect([code, stderr]).toEqual([1, expect.stringMatching(/^ossite: missing: ffmpeg, ffprobe, soffice, pdftoppm/)]);
  });
});

describe('process', () => {
  const here = join(dir, 'work');
  beforeAll(() => {
    mkdirSync(join(here, 'deep'), { recursive: true });
    for (const name of ['photo.jpg', 'clip.mp4', 'report.docx', 'marked.jpg']) {
      copyFileSync(fileURLToPath(new URL(`../../fixtures/media/${name}`, import.meta.url)), join(here, name));
    }
    copyFileSync(join(here, 'photo.jpg'), join(here, 'deep', 'logo.jpg'));
    writeFileSync(join(dir, 'secret.jpg'), fixture('photo.jpg'));
    symlinkSync(join(dir, 'secret.jpg'), join(here, 'link.jpg'));
  });
  const run = (...args: readonly string[]) => ossite(['process', ...args], { cwd: here });
  const made = (name: string) => readFileSync(join(here, name));
  const mark = (key: string) => `image/watermark,image_${Buffer.from(key).toString('base64url')}`;

  it('runs a picture through a chain', async () => {
    expect(await run('photo.jpg', 'image/resize,w_120/rotate,90', '-o', 'small.jpg')).toMatchObject({
      code: 0,
      stdout: expect.stringMatching(/^small\.jpg \d+ bytes\n$/),
      stderr: '',
    });
    await expect(made('small.jpg')).toBeImage({ format: 'jpg', width: 80, height: 120 });
  });

  it('writes a result that has no name to standard output', async () => {
    expect(JSON.parse((await run('photo.jpg', 'image/info')).stdout)).toMatchObject({ ImageWidth: { value: '1200' } });
    expect((await run('marked.jpg', 'image/deblindwatermark,s_medium,t_text')).stdout).toBe('版权所有');
  });

  it('makes several outputs of a video, named by a directory', async () => {
    const { stdout } = await run('clip.mp4', 'video/snapshots,f_jpg,num_2', '-o', 'frames/');
    expect(stdout).toMatch(/^frames\/clip-1\.jpg \d+ bytes\nframes\/clip-2\.jpg \d+ bytes\n$/);
    for (const n of [1, 2]) await expect(made(`frames/clip-${n}.jpg`)).toBeImage({ width: 640, height: 360 });
  });

  it('makes pages of a document, named by a template; nothing is left behind', async () => {
    const before = readdirSync(tmpdir()).filter((name) => name.startsWith('ossite-process-'));
    expect((await run('report.docx', 'doc/convert,target_png', '-o', 'pages/{barename}/{index}.{autoext}')).code).toBe(
      0,
    );
    expect(readdirSync(join(here, 'pages', 'report'))).toEqual(['1.png', '2.png']);
    expect(
      readdirSync(tmpdir()).filter((name) => name.startsWith('ossite-process-') && !before.includes(name)),
    ).toEqual([]);
  });

  it('reads other objects from the directory of the file, and from there only', async () => {
    const good = await run('photo.jpg', mark('deep/logo.jpg'), '-o', 'marked-by-file.jpg');
    expect(good).toMatchObject({ code: 0, stderr: '' });
    for (const key of ['../secret.jpg', 'link.jpg', 'nothing.jpg']) {
      const { code, stderr } = await run('photo.jpg', mark(key), '-o', 'never.jpg');
      expect([code, stderr]).toEqual([1, expect.stringMatching(/^ossite: \w+: /)]);
    }
    expect(existsSync(join(here, 'never.jpg'))).toBe(false);
  });

  it.each([
    [['nothing.jpg', 'image/info'], 2, /^ossite: nothing\.jpg is not a file$/m],
    [
      ['photo.jpg', 'image/resize,w_abc', '-o', 'x.jpg'],
      1,
      /InvalidArgument: The value: abc .* must be an integer from 1/,
    ],
    [['clip.mp4', 'video/convert,f_mp4'], 2, /^ossite: -o is needed/],
    [
      ['clip.mp4', 'video/convert,f_mp4', '-o', '{sheetname}.mp4'],
      1,
      /\{sheetname\} is not a variable of this operation/,
    ],
    [['photo.jpg', `image/resize,w_10${saveas('x')}`, '-o', 'x.jpg'], 2, /said with -o: leave sys\/… out$/m],
    [['clip.mp4', 'hls/m3u8', '-o', 'x'], 1, /^ossite: hls\/m3u8 needs a server/],
    [['photo.jpg', 'image/resize,w_10', '-o', 'photo.jpg'], 2, /photo\.jpg is the source itself$/m],
    [['photo.jpg', 'image/resize,w_10', '-o', 'a/{basename}/../../../x.jpg'], 2, /is not in a$/m],
    [['photo.jpg', 'video/convert,f_mp4', '-o', 'x.mp4'], 1, /^ossite: .+\n$/],
  ] as const)('%j ends with code %i', async (args, code, stderr) => {
    const before = readFileSync(join(here, 'photo.jpg'));
    const ended = await run(...args);
    expect([ended.code, ended.stdout, ended.stderr]).toEqual([code, '', expect.stringMatching(stderr)]);
    expect(readFileSync(join(here, 'photo.jpg')).equals(before)).toBe(true);
  });

  it('is interrupted with code 130 and leaves nothing behind', async () => {
    const main = fileURLToPath(new URL('../../src/server/main.ts', import.meta.url));
    const slow = ['process', 'clip.mp4', 'video/convert,f_mkv,vcodec_vp9,crf_0,s_1920x1080', '-o', 'interrupted.mkv'];
    const tsx = ['--import', import.meta.resolve('tsx'), main];
    const child = spawn(process.execPath, [...tsx, ...slow], {
      cwd: here,
      stdio: 'ignore',
      env: { ...process.env, TMPDIR: here },
    });
    const working = () => processesWith(here).some((line) => line.includes('libvpx'));
    await vi.waitUntil(working, { timeout: 30_000, interval: 100 });
    const ended = once(child, 'exit');
    child.kill('SIGINT');
    expect((await ended)[0]).toBe(130);
    expect(processesWith(here)).toEqual([]);
    expect(readdirSync(here).filter((name) => /interrupted|ossite-process/.test(name))).toEqual([]);
  });

  it('draws a bar on a terminal only', () => {
    const written = (isTTY: boolean) => {
      const stream = Object.assign(new PassThrough({ encoding: 'utf8' }), { isTTY });
      const bar = progressBar(stream);
      bar.show(50);
      bar.clear();
      return String(stream.read() ?? '');
    };
    expect(written(false)).toBe('');
    expect(written(true)).toBe(`\r[${'='.repeat(15)}${' '.repeat(15)}]  50 %\r\u001b[K`);
  });
});
