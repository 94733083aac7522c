import { existsSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { afterAll, afterEach, describe, expect, it, vi } from 'vitest';
import { readSettings } from '../../src/server/config.ts';
import { type Ossite, type OssiteOptions, startOssite } from '../../src/server/index.ts';
import { start as startInstance } from '../../src/server/start.ts';
import { ossite } from '../helpers/command.ts';
import { fixture, frontDoor, ossError } from '../helpers/ossite.ts';
import { processesWith } from '../helpers/process.ts';

const dir = mkdtempSync(join(tmpdir(), 'ossite-seed-test-'));
afterAll(() => rmSync(dir, { recursive: true }));

const running: Ossite[] = [];
afterEach(async () => {
  for (const server of running.splice(0)) await server.close();
});

async function start(options: OssiteOptions) {
  const server = await startOssite({ port: 0, storage: 'memory', log: 'silent', ...options });
  running.push(server);
  return { server, door: frontDoor(server.endpoint) };
}

/** A seed directory with these files. */
function seedWith(files: Readonly<Record<string, string | Buffer>>): string {
  const seed = mkdtempSync(join(dir, 'seed-'));
  for (const [name, content] of Object.entries(files)) {
    mkdirSync(dirname(join(seed, name)), { recursive: true });
    writeFileSync(join(seed, name), content);
  }
  return seed;
}

const DESCRIPTION = `
buckets:
  photos:
    acl: public-read
    storage-class: IA
    versioning: Enabled
    styles:
      small: image/resize,w_100
    cors:
      CORSRule:
        - AllowedOrigin: ["https://a.example", "https://b.example"]
          AllowedMethod: [GET, PUT]
          MaxAgeSeconds: 60
    lifecycle:
      Rule: { ID: old, Prefix: tmp/, Status: Enabled, Expiration: { Days: 7 } }
    objects:
      - headers: { Cache-Control: no-store }
      - match: "*.jpg"
        headers: { Cache-Control: max-age=60 }
        meta: { Owner: 编辑 }
        acl: private
        storage-class: Standard
        tags: { kind: picture, of: "a lake" }
      - match: dir/?.bin
        content-type: text/plain
  site:
    acl: public-read
    website:
      IndexDocument: { Suffix: index.html }
  empty: {}
`;

const files = {
  'ossite.yaml': DESCRIPTION,
  'photos/a/photo.jpg': fixture('photo.jpg'),
  'photos/dir/x.bin': 'text',
  'site/index.html': '<h1>hello</h1>',
};

/** What the description asked for is there. */
async function looksSeeded(door: ReturnType<typeof frontDoor>): Promise<void> {
  const info = (await door.request('get', '/photos/?bucketInfo')).text;
  for (const part of ['<StorageClass>IA<', '<Grant>public-read<', '<Versioning>Enabled<']) expect(info).toContain(part);
  const head = await door.head('photos', 'a/photo.jpg');
  expect(head.headers).toMatchObject({
    'content-type': 'image/jpeg',
    'cache-control': 'max-age=60',
    'x-oss-storage-class': 'Standard',
    'x-oss-tagging-count': '2',
  });
  expect(Buffer.from(head.headers['x-oss-meta-owner'] ?? '', 'latin1').toString()).toBe('编辑');
  expect((await door.request('get', '/photos/a/photo.jpg?acl')).text).toContain('<Grant>private<');
  expect((await door.request('get', '/photos/a/photo.jpg?tagging')).text).toContain('<Value>a lake</Value>');
  expect((await door.get('photos', 'dir/x.bin')).headers).toMatchObject({
    'content-type': 'text/plain',
    'cache-control': 'no-store',
    'x-oss-storage-class': 'IA',
  });
  expect((await door.processed('photos', 'a/photo.jpg', 'style/small')).status).toBe(200);
  const preflight = { origin: 'https://b.example', 'access-control-request-method': 'PUT' };
  expect((await door.request('options', '/photos/x', { headers: preflight })).headers).toMatchObject({
    'access-control-allow-origin': 'https://b.example',
    'access-control-max-age': '60',
  });
  expect((await door.request('get', '/photos/?lifecycle')).text).toContain('<Days>7</Days>');
  expect((await door.request('get', '/', { headers: { host: 'site.localhost' } })).text).toBe('<h1>hello</h1>');
  expect((await door.get('empty', '')).status).toBe(200);
}

describe('a seed directory', () => {
  it('is what its ossite.yaml says', async () => {
    const { door } = await start({ seedDir: seedWith(files), buckets: ['photos:private', 'more'] });
    await looksSeeded(door);
    expect((await door.get('more', '')).status).toBe(200);
  });

  it('is uploaded to a running server by `ossite seed`, signed', async () => {
    const { server, door } = await start({ auth: 'strict', accessKeys: 'me:my-secret', cors: 'all' });
    const env = { OSSITE_ENDPOINT: server.endpoint, OSSITE_ACCESS_KEYS: 'me:my-secret' };
    const seed = seedWith({ ...files, 'photos/a b/+ü%.txt': 'odd' });
    const first = await ossite(['seed', seed], { env });
    expect(first).toEqual({ code: 0, stdout: 'empty: 0 objects\nphotos: 3 objects\nsite: 1 objects\n', stderr: '' });
    expect((await door.get('photos', 'a b/+ü%.txt')).text).toBe('odd');
    expect((await door.request('get', '/', { headers: { host: 'site.localhost' } })).text).toBe('<h1>hello</h1>');
    const wrong = await ossite(['seed', seed], { env: { ...env, OSSITE_ACCESS_KEYS: 'me:not-my-secret' } });
    expect([wrong.code, wrong.stderr]).toEqual([1, expect.stringContaining('SignatureDoesNotMatch')]);
  });

  it('uploaded, it is what it is at a start', async () => {
    const { server, door } = await start({});
    expect(await ossite(['seed', seedWith(files), '--endpoint', server.endpoint])).toMatchObject({
      code: 0,
      stderr: '',
    });
    await looksSeeded(door);
  });

  it('leaves alone what is there already', async () => {
    const dataDir = mkdtempSync(join(dir, 'data-'));
    const seedDir = seedWith(files);
    const first = await start({ storage: 'disk', dataDir, seedDir });
    await first.door.put('photos', 'dir/x.bin', Buffer.from('mine'));
    await first.door.request('put', '/photos/?acl', { headers: { 'x-oss-acl': 'private' } });
    await first.server.close();
    const { door } = await start({ storage: 'disk', dataDir, seedDir });
    expect((await door.get('photos', 'dir/x.bin')).text).toBe('mine');
    expect((await door.request('get', '/photos/?acl')).text).toContain('<Grant>private<');
  });

  it.each([
    ['buckets: [a', /ossite\.yaml:1: Flow sequence/],
    ['bucket: {}', /ossite\.yaml:1: bucket is not known; known here are buckets$/],
    ['buckets:\n  Photos: {}', /ossite\.yaml:2: buckets\.Photos can not be the name of a bucket$/],
    [
      'buckets:\n  photos:\n    acl: world',
      /ossite\.yaml:3: buckets\.photos\.acl must be one of private, .*, not world$/,
    ],
    [
      'buckets:\n  photos:\n    alc: private',
      /ossite\.yaml:3: buckets\.photos\.alc is not known; known here are acl, /,
    ],
    [
      'buckets:\n  photos:\n    versioning: on',
      /ossite\.yaml:3: .*versioning must be one of Enabled, Suspended, not on$/,
    ],
    ['buckets:\n  photos:\n    styles: { a!: x }', /ossite\.yaml:3: .*styles\.a! can not be the name of a style$/],
    ['buckets:\n  photos:\n    styles: { a: "image/(" }', /style a of photos: BadRequest: Style content is invalid/],
    ['buckets:\n  photos:\n    objects: { a: b }', /ossite\.yaml:3: buckets\.photos\.objects must be a list$/],
    [
      'buckets:\n  photos:\n    objects:\n      - mach: a',
      /ossite\.yaml:4: buckets\.photos\.objects\[0\]\.mach is not known/,
    ],
    [
      'buckets:\n  photos:\n    objects:\n      - acl: world',
      /objects\[0\]\.acl must be one of default, .*, not world$/,
    ],
    [
      'buckets:\n  photos:\n    objects:\n      - tags: { "a!": b }',
      /x\.bin, .*ossite\.yaml:4: .*objects\[0\]: InvalidTag/,
    ],
    [
      'buckets:\n  photos:\n    cors: { CORSRule: { AllowedMethod: GET } }',
      /yaml:3: .*cors: MalformedXML.* CORSRule needs AllowedOrigin/,
    ],
    ['buckets:\n  photos:\n    cors: [1, 2]\n', /cors: MalformedXML/],
    ['buckets:\n  a: &x {}\n  photos: *x', /ossite\.yaml:3: buckets\.photos must not be an alias$/],
  ])('a mistake is told with file, line and key: %s', async (text, message) => {
    const seedDir = seedWith({ 'ossite.yaml': text, 'photos/dir/x.bin': '' });
    await expect(start({ seedDir })).rejects.toThrow(message);
  });

  it('is read again by a reset, which says what is wrong with it by then', async () => {
    const seedDir = seedWith(files);
    const { server, door } = await start({ seedDir });
    writeFileSync(join(seedDir, 'photos', 'later.txt'), 'later');
    await server.reset();
    await looksSeeded(door);
    expect((await door.get('photos', 'later.txt')).text).toBe('later');
    writeFileSync(join(seedDir, 'ossite.yaml'), 'bucket: {}');
    const { status, text } = await door.request('post', '/_ossite/reset');
    expect([status, JSON.parse(text)]).toEqual([
      409,
      {
        error: { code: 'SeedFailed', message: `${seedDir}/ossite.yaml:1: bucket is not known; known here are buckets` },
      },
    ]);
  });

  it.each([
    [{ 'ossite.yml': 'buckets: {}' }, /ossite\.yml must be called ossite\.yaml$/],
    [{ 'photos/\\a.txt': 'x' }, /photos\/\\a\.txt can not be the key of an object: /],
    [{ [`photos/${'d/'.repeat(600)}a.txt`]: 'x' }, /a\.txt can not be the key of an object: The Length of Object name/],
    [{ 'Photos/a.txt': 'x' }, /Photos: Photos can not be the name of a bucket$/],
  ])('that can not be taken stops the start, and `ossite seed`: %j', async (named, message) => {
    const seedDir = seedWith(named);
    await expect(start({ seedDir })).rejects.toThrow(message);
    const { code, stdout, stderr } = await ossite(['seed', seedDir]);
    expect([code, stdout, stderr.trimEnd().replace(/^ossite: /, '')]).toEqual([2, '', expect.stringMatching(message)]);
  });

  it('that holds nothing is a mistake of `ossite seed` alone', async () => {
    const seedDir = seedWith({ 'README.txt': 'nothing below' });
    const { code, stderr } = await ossite(['seed', seedDir]);
    expect([code, stderr]).toEqual([2, `ossite: there is nothing in ${seedDir}: DIR/<bucket>/<key…> is uploaded\n`]);
    await start({ seedDir });
  });

  it('that is not there stops the start', async () => {
    await expect(start({ seedDir: join(dir, 'nowhere') })).rejects.toThrow(/nowhere is not a directory$/);
  });
});

describe('scripts of init/ready.d', () => {
  const upload = `printf "$OSS_ACCESS_KEY_ID $OSS_REGION" | curl -sf -T - "$OSSITE_ENDPOINT/photos/from-sh"
code=$(curl -s -o /dev/null -w '%{http_code}' "$OSSITE_ENDPOINT/_ossite/ready")
printf "$code" | curl -sf -T - "$OSSITE_ENDPOINT/photos/ready"`;
  const copy = `const { OSSITE_ENDPOINT: at } = process.env;
const text = await (await fetch(at + '/photos/from-sh')).text();
await fetch(at + '/photos/from-js', { method: 'PUT', body: text + ' ' + process.cwd() });`;

  it('run in order, when buckets are filled and before the server is ready', async () => {
    const seedDir = seedWith({ ...files, 'init/ready.d/20-copy.mjs': copy, 'init/ready.d/10-upload.sh': upload });
    const { door } = await start({ seedDir, region: 'cn-beijing' });
    expect((await door.get('photos', 'from-js')).text).toBe(`ossite cn-beijing ${seedDir}`);
    expect((await door.get('photos', 'ready')).text).toBe('503');
    expect(ossError(await door.get('init', '')).code).toBe('NoSuchBucket');
    expect((await door.request('get', '/_ossite/ready')).status).toBe(200);
  });

  it.each([
    [
      { '1.sh': 'echo first >&2; echo no such thing >&2; exit 3', '2.sh': 'exit 0' },
      /1\.sh ended with code 3: no such thing$/,
    ],
    [{ '1.sh': 'exit 1' }, /1\.sh ended with code 1: it wrote nothing to standard error$/],
    [{ '1.py': '' }, /1\.py can not be run: scripts end in \.sh, \.js, \.mjs$/],
  ])('one that fails stops the start: %j', async (scripts, message) => {
    const named = Object.fromEntries(Object.entries(scripts).map(([name, text]) => [`init/ready.d/${name}`, text]));
    await expect(start({ seedDir: seedWith(named) })).rejects.toThrow(message);
  });

  it('on the command line that is one line and exit code 2', async () => {
    const seedDir = seedWith({ 'init/ready.d/1.sh': 'echo not today >&2; exit 1' });
    const { code, stdout, stderr } = await ossite([
      'start',
      '--port',
      '0',
      '--storage',
      'memory',
      '--seed-dir',
      seedDir,
    ]);
    expect([code, stdout, stderr]).toEqual([
      2,
      '',
      `ossite: ${seedDir}/init/ready.d/1.sh ended with code 1: not today\n`,
    ]);
  });

  it('end with a server that is closed meanwhile', async () => {
    const started = join(dir, 'started');
    const seedDir = seedWith({ 'init/ready.d/1.sh': `touch ${started}; sleep 600 # ${dir}` });
    const instance = await startInstance(
      readSettings({ port: '0', storage: 'memory', log: 'silent', 'seed-dir': seedDir }, {}),
    );
    await vi.waitUntil(() => existsSync(started), { timeout: 20_000 });
    await instance.close();
    await expect(instance.ready).rejects.toThrow('the server is closing');
    expect(processesWith(seedDir)).toEqual([]);
  });
});
