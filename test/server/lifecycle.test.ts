/** Lifecycle rules that act, driven by the clock of the control API (rest-core.md §1.7). */
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest';
import { readSettings } from '../../src/server/config.ts';
import { type Ossite, startOssite } from '../../src/server/index.ts';
import { start } from '../../src/server/start.ts';
import { clock } from '../helpers/clock.ts';
import { configure, elements } from '../helpers/configure.ts';
import { frontDoor, ossError, pathOf } from '../helpers/ossite.ts';

const DAY = 86_400;

let ossite: Ossite;
let door: ReturnType<typeof frontDoor>;
beforeAll(async () => {
  // A server of its own: its clock is moved.
  ossite = await startOssite({ port: 0, storage: 'memory', log: 'error' });
  door = frontDoor(ossite.endpoint);
});
afterAll(() => ossite.close());

const days = (count: number) => clock(door, 'put', { advance: count * DAY });

const rules = (...content: readonly string[]) =>
  `<LifecycleConfiguration>${content.map((one) => `<Rule>${one}</Rule>`).join('')}</LifecycleConfiguration>`;
const enabled = (prefix: string, content: string) => `<Prefix>${prefix}</Prefix><Status>Enabled</Status>${content}`;
const expireIn = (count: number) => `<Expiration><Days>${count}</Days></Expiration>`;

/** A bucket with objects, and rules for them. */
async function bucketWith(keys: readonly string[], configuration: string, overlap = false): Promise<string> {
  const bucket = await door.freshBucket();
  for (const key of keys) await door.put(bucket, key, Buffer.from(key));
  await configure(
    door,
    bucket,
    'lifecycle',
    configuration,
    overlap ? { 'x-oss-allow-same-action-overlap': 'true' } : {},
  );
  return bucket;
}

async function keysOf(bucket: string): Promise<readonly string[]> {
  return elements(await door.request('get', `${pathOf(bucket)}?max-keys=1000`), 'Key');
}

/** `key` or `-key` for a delete marker, the newest first. */
async function versionsOf(bucket: string): Promise<readonly string[]> {
  const { text } = await door.request('get', `${pathOf(bucket)}?versions`);
  return [...text.matchAll(/<(Version|DeleteMarker)>\s*<Key>([^<]*)/g)].map(([, kind, key]) =>
    kind === 'Version' ? `${key}` : `-${key}`,
  );
}

const versioned = (bucket: string) =>
  configure(door, bucket, 'versioning', '<VersioningConfiguration><Status>Enabled</Status></VersioningConfiguration>');

it('an appendable object goes no further than Archive before it is sealed', async () => {
  const bucket = await bucketWith(
    [],
    rules(
      enabled('log', '<Transition><Days>1</Days><StorageClass>Archive</StorageClass></Transition>'),
      enabled('log', '<Transition><Days>2</Days><StorageClass>ColdArchive</StorageClass></Transition>'),
    ),
    true,
  );
  for (const key of ['log-open', 'log-sealed']) {
    await door.request('post', `${pathOf(bucket, key)}?append&position=0`, { body: 'x' });
  }
  await door.request('post', `${pathOf(bucket, 'log-sealed')}?seal&position=1`);
  await days(4);
  const [open, sealed] = [
    (await door.head(bucket, 'log-open')).headers,
    (await door.head(bucket, 'log-sealed')).headers,
  ];
  expect([open['x-oss-storage-class'], sealed['x-oss-storage-class']]).toEqual(['Archive', 'ColdArchive']);
  // When that was, is told of classes colder than Archive.
  expect(open['x-oss-transition-time']).toBeUndefined();
  expect(sealed['x-oss-transition-time']).toMatch(/ GMT$/);
  const wait = Date.parse(sealed['x-oss-transition-time'] ?? '') - Date.parse(sealed['last-modified'] ?? '');
  expect(Math.round(wait / (DAY * 1000))).toBe(4);
});

describe('objects expire', () => {
  it('after days, those of the prefix, and say so before', async () => {
    const bucket = await bucketWith(
      ['logs/a', 'logs/b', 'keep/a'],
      rules(`<ID>my rule</ID>${enabled('logs/', expireIn(2))}`, enabled('keep/', expireIn(30))),
    );
    const told = (await door.head(bucket, 'logs/a')).headers['x-oss-expiration'];
    expect(told).toMatch(/^expiry-date="\w{3}, \d{2} \w{3} \d{4} \d{2}:\d{2}:\d{2} GMT", rule-id="my%20rule"$/);
    expect((await door.get(bucket, 'logs/a')).headers['x-oss-expiration']).toBe(told);
    await days(1.9);
    expect(await keysOf(bucket)).toEqual(['keep/a', 'logs/a', 'logs/b']);
    await door.put(bucket, 'logs/b', Buffer.from('fresh'));
    await days(0.2);
    expect(await keysOf(bucket)).toEqual(['keep/a', 'logs/b']);
    expect(ossError(await door.get(bucket, 'logs/a')).code).toBe('NoSuchKey');
  });

  it('more than are looked at at once', async () => {
    const keys = Array.from({ length: 520 }, (_, i) => `k/${i}`);
    const bucket = await bucketWith([...keys, 'other'], rules(enabled('k/', expireIn(1))));
    await days(1);
    expect(await keysOf(bucket)).toEqual(['other']);
  });

  it.each([
    ['Date', (now: number) => now + 2, [false, true]],
    ['CreatedBeforeDate', (now: number) => now - 2, [false, false]],
    ['CreatedBeforeDate', (now: number) => now + 2, [true, true]],
  ] as const)('by %s', async (name, at, gone) => {
    const today = Math.floor(Date.parse((await clock(door, 'get')).now) / (DAY * 1000));
    const date = new Date(at(today) * DAY * 1000).toISOString();
    const bucket = await bucketWith(['a'], rules(enabled('', `<Expiration><${name}>${date}</${name}></Expiration>`)));
    const seen: boolean[] = [];
    for (const step of [0, 3]) {
      await days(step);
      seen.push((await keysOf(bucket)).length === 0);
    }
    expect(seen).toEqual(gone);
  });

  it('by tags, sizes and exceptions; not when the rule is disabled', async () => {
    const filter =
      '<Filter><Not><Prefix>p/keep</Prefix></Not><Not><Prefix>p/</Prefix><Tag><Key>hold</Key><Value>yes</Value></Tag></Not><ObjectSizeGreaterThan>2</ObjectSizeGreaterThan><ObjectSizeLessThan>20</ObjectSizeLessThan></Filter>';
    const tag = '<Tag><Key>t</Key><Value>1</Value></Tag>';
    const bucket = await bucketWith(
      [],
      rules(
        enabled('p/', filter + expireIn(1)),
        enabled('t/', tag + expireIn(1)),
        `<Prefix>d/</Prefix><Status>Disabled</Status>${expireIn(1)}`,
      ),
    );
    const put = (key: string, size: number, tagging?: string) =>
      door.put(bucket, key, Buffer.alloc(size), tagging === undefined ? {} : { 'x-oss-tagging': tagging });
    await put('p/go', 10);
    await put('p/keep', 10);
    await put('p/held', 10, 'hold=yes');
    await put('p/other', 10, 'hold=no');
    await put('p/small', 2);
    await put('p/large', 20);
    await put('t/go', 1, 't=1&u=2');
    await put('t/stay', 1, 't=2');
    await put('d/stay', 1);
    await days(1);
    expect(await keysOf(bucket)).toEqual(['d/stay', 'p/held', 'p/keep', 'p/large', 'p/small', 't/stay']);
  });
});

const tracking = (status: string) =>
  `<AccessMonitorConfiguration><Status>${status}</Status></AccessMonitorConfiguration>`;

it('rules that go by the last access need a bucket that tracks it, and keep it doing so', async () => {
  const bucket = await door.freshBucket();
  const byAccess = (name: string, days: string) =>
    rules(
      enabled(
        'a/',
        `<${name}><${days}>30</${days}><StorageClass>IA</StorageClass><IsAccessTime>true</IsAccessTime></${name}>`,
      ),
    );
  const sent = [byAccess('Transition', 'Days'), byAccess('NoncurrentVersionTransition', 'NoncurrentDays')];
  const put = (query: string, body: string) => door.request('put', `${pathOf(bucket)}?${query}`, { body });
  for (const body of sent) {
    expect(ossError(await put('lifecycle', body))).toMatchObject({
      status: 400,
      code: 'MalformedXML',
      ec: '0014-00000016',
    });
  }
  await configure(door, bucket, 'accessmonitor', tracking('Enabled'));
  for (const body of sent) {
    await configure(door, bucket, 'lifecycle', body);
    expect(ossError(await put('accessmonitor', tracking('Disabled')))).toMatchObject({
      status: 400,
      code: 'AccessMonitorDisableNotAllowed',
      ec: '0036-00000005',
    });
  }
  await configure(door, bucket, 'lifecycle', rules(enabled('a/', expireIn(1))));
  await configure(door, bucket, 'accessmonitor', tracking('Disabled'));
});

it('classes grow colder, never warmer', async () => {
  const transition = (count: number, name: string) =>
    `<Transition><Days>${count}</Days><StorageClass>${name}</StorageClass></Transition>`;
  const read =
    '<Transition><Days>1</Days><StorageClass>IA</StorageClass><IsAccessTime>true</IsAccessTime></Transition>';
  const ours = [enabled('a/', transition(1, 'IA') + transition(3, 'Archive')), enabled('c/', transition(1, 'IA'))];
  const bucket = await bucketWith(['a/x', 'b/x'], rules(...ours));
  await configure(door, bucket, 'accessmonitor', tracking('Enabled'));
  await configure(door, bucket, 'lifecycle', rules(...ours, enabled('b/', read)));
  await door.put(bucket, 'c/cold', Buffer.from('x'), { 'x-oss-storage-class': 'ColdArchive' });
  const classes = async () => {
    const heads = await Promise.all(['a/x', 'b/x', 'c/cold'].map((key) => door.head(bucket, key)));
    return heads.map(({ headers }) => headers['x-oss-storage-class']);
  };
  expect(await classes()).toEqual(['Standard', 'Standard', 'ColdArchive']);
  const { etag, 'last-modified': modified } = (await door.head(bucket, 'a/x')).headers;
  await days(1);
  expect(await classes()).toEqual(['IA', 'Standard', 'ColdArchive']);
  await days(2);
  expect(await classes()).toEqual(['Archive', 'Standard', 'ColdArchive']);
  expect((await door.head(bucket, 'a/x')).headers).toMatchObject({ etag, 'last-modified': modified });
});

it('unfinished uploads are given up', async () => {
  const bucket = await bucketWith(
    [],
    rules(enabled('u/', '<AbortMultipartUpload><Days>1</Days></AbortMultipartUpload>')),
  );
  for (const key of ['u/1', 'u/1', 'v/1']) await door.request('post', `${pathOf(bucket, key)}?uploads`);
  const uploads = async () => elements(await door.request('get', `${pathOf(bucket)}?uploads`), 'Key');
  expect(await uploads()).toEqual(['u/1', 'u/1', 'v/1']);
  await days(1);
  expect(await uploads()).toEqual(['v/1']);
});

describe('versions', () => {
  it('expiring sets a marker; older versions and lonely markers go after their days', async () => {
    const bucket = await bucketWith(
      ['a'],
      rules(
        enabled('', expireIn(5)),
        enabled('', '<NoncurrentVersionExpiration><NoncurrentDays>2</NoncurrentDays></NoncurrentVersionExpiration>'),
        enabled('', '<Expiration><ExpiredObjectDeleteMarker>true</ExpiredObjectDeleteMarker></Expiration>'),
      ),
      true,
    );
    await versioned(bucket);
    await door.put(bucket, 'a', Buffer.from('two'));
    await days(1);
    await door.put(bucket, 'a', Buffer.from('three'));
    expect(await versionsOf(bucket)).toEqual(['a', 'a', 'a']);
    // The first one was replaced two days ago, the second one yesterday.
    await days(1);
    expect(await versionsOf(bucket)).toEqual(['a', 'a']);
    await days(1);
    expect(await versionsOf(bucket)).toEqual(['a']);
    expect((await door.get(bucket, 'a')).text).toBe('three');
    await days(3);
    expect(await versionsOf(bucket)).toEqual(['-a', 'a']);
    expect((await door.get(bucket, 'a')).headers['x-oss-delete-marker']).toBe('true');
    await days(2);
    expect(await versionsOf(bucket)).toEqual([]);
  });

  it('older versions grow colder', async () => {
    const bucket = await bucketWith(
      ['a'],
      rules(
        enabled(
          '',
          '<NoncurrentVersionTransition><NoncurrentDays>1</NoncurrentDays><StorageClass>IA</StorageClass></NoncurrentVersionTransition>',
        ),
      ),
    );
    await versioned(bucket);
    await door.put(bucket, 'a', Buffer.from('two'));
    await days(1);
    const { text } = await door.request('get', `${pathOf(bucket)}?versions`);
    expect([...text.matchAll(/<StorageClass>(\w+)/g)].map(([, name]) => name)).toEqual(['Standard', 'IA']);
  });
});

it('what came due while no server ran goes when one starts', async () => {
  const dir = mkdtempSync(join(tmpdir(), 'ossite-lifecycle-'));
  const settings = readSettings({ port: '0', 'data-dir': dir, log: 'error', buckets: 'kept' }, {});
  const first = await start(settings);
  await first.ready;
  const before = frontDoor(first.endpoint);
  await before.put('kept', 'old', Buffer.from('x'));
  await configure(before, 'kept', 'lifecycle', rules(enabled('', expireIn(1))));
  await first.close();
  const later = await start(settings, () => Date.now() + 2 * DAY * 1000);
  await later.ready;
  await vi.waitUntil(async () => (await frontDoor(later.endpoint).head('kept', 'old')).status === 404, {
    timeout: 20_000,
  });
  await later.close();
  rmSync(dir, { recursive: true });
});

describe('the configuration', () => {
  const put = async (body: string, headers: Readonly<Record<string, string>> = {}) =>
    door.request('put', `${pathOf(await door.freshBucket())}?lifecycle`, { body, headers });

  it.each([
    ['', 'b/'],
    ['a/', 'a/b/'],
    ['a/b/', 'a/'],
    ['a/', 'a/'],
  ])('rules for %j and %j must not do the same', async (one, other) => {
    const body = rules(enabled(one, expireIn(1)), enabled(other, expireIn(2)));
    expect(ossError(await put(body))).toMatchObject({
      status: 400,
      code: 'InvalidRequest',
      message: 'Overlap for same action type Expiration',
    });
    expect((await put(body, { 'x-oss-allow-same-action-overlap': 'true' })).status).toBe(200);
  });

  it('one rule goes by age or by date', async () => {
    const byDate =
      '<Transition><CreatedBeforeDate>2026-01-01T00:00:00.000Z</CreatedBeforeDate><StorageClass>IA</StorageClass></Transition>';
    expect(ossError(await put(rules(enabled('', expireIn(9) + byDate))))).toMatchObject({
      code: 'InvalidRequest',
      ec: '0014-00000080',
      message: 'Found mixed CreatedBeforeDate and Days based Expiration and Transition for StorageClass IA actions',
    });
  });

  it('different actions, prefixes or tags go together', async () => {
    const tag = (value: string) => `<Tag><Key>k</Key><Value>${value}</Value></Tag>`;
    const abort = '<AbortMultipartUpload><Days>1</Days></AbortMultipartUpload>';
    for (const body of [
      rules(enabled('a', expireIn(1)), enabled('a', abort)),
      rules(enabled('a/', expireIn(1)), enabled('b/', expireIn(1))),
      rules(enabled('', tag('1') + expireIn(1)), enabled('', tag('2') + expireIn(1))),
    ])
      expect((await put(body)).text).toBe('');
  });

  it('a rule without a name gets one, names are there once', async () => {
    const bucket = await bucketWith([], rules(enabled('a', expireIn(1)), enabled('b', expireIn(1))));
    const ids = elements(await door.request('get', `${pathOf(bucket)}?lifecycle`), 'ID');
    expect(new Set(ids.filter((id) => id !== '')).size).toBe(2);
    const twice = rules(`<ID>x</ID>${enabled('a', expireIn(1))}`, `<ID>x</ID>${enabled('b', expireIn(1))}`);
    expect(ossError(await put(twice)).code).toBe('InvalidArgument');
  });

  it('has a thousand rules, not one more', async () => {
    const many = (count: number) => rules(...Array.from({ length: count }, (_, i) => enabled(`p${i}/`, expireIn(1))));
    expect((await put(many(1000))).status).toBe(200);
    expect(ossError(await put(many(1001))).code).toBe('MalformedXML');
  });
});
