/** Retention and legal hold of objects: kept and shown (rest-core.md §1.8). */
import { beforeAll, describe, expect, it } from 'vitest';
import { textOf } from '../helpers/oss-xml.ts';
import { freshBucket, get, ossError, pathOf, put, request } from '../helpers/ossite.ts';

let bucket: string;
let plain: string;
beforeAll(async () => {
  [bucket, plain] = [await freshBucket(), await freshBucket()];
  const enabled = '<ObjectWormConfiguration><ObjectWormEnabled>Enabled</ObjectWormEnabled></ObjectWormConfiguration>';
  expect((await request('put', `/${bucket}?objectWorm`, { body: enabled })).status).toBe(200);
  const versions = '<VersioningConfiguration><Status>Enabled</Status></VersioningConfiguration>';
  await request('put', `/${bucket}?versioning`, { body: versions });
  for (const name of [bucket, plain]) await put(name, 'k', Buffer.from('first'));
});

const until = (days: number) => new Date(Date.now() + days * 86_400_000).toISOString().replace(/\.\d+Z/, '.000Z');
const retention = (mode: string, date: string) =>
  `<Retention><Mode>${mode}</Mode><RetainUntilDate>${date}</RetainUntilDate></Retention>`;
const legalHold = (status: string) => `<LegalHold><Status>${status}</Status></LegalHold>`;
const send = (name: string, key: string, query: string, body: string) =>
  request('put', `${pathOf(name, key)}?${query}`, { body });
const retained = async (key: string, query: Record<string, string> = {}) => {
  const { text } = await get(bucket, key, { retention: '', ...query });
  return [textOf(text, 'Mode'), textOf(text, 'RetainUntilDate')];
};
const held = async (key: string) => textOf((await get(bucket, key, { legalHold: '' })).text, 'Status');

describe('retention', () => {
  it('is empty at first, then what was put; it belongs to a version', async () => {
    expect(await retained('k')).toEqual(['', '']);
    const version = (await get(bucket, 'k')).headers['x-oss-version-id'] ?? '';
    const date = until(2);
    const answer = await send(bucket, 'k', 'retention', retention('COMPLIANCE', date));
    expect([answer.status, answer.bytes.length, answer.headers['x-oss-version-id']]).toEqual([200, 0, version]);
    expect(await retained('k')).toEqual(['COMPLIANCE', date]);
    await put(bucket, 'k', Buffer.from('second'));
    expect(await retained('k')).toEqual(['', '']);
    expect(await retained('k', { versionId: version })).toEqual(['COMPLIANCE', date]);
  });

  it('in compliance mode can only be extended', async () => {
    await put(bucket, 'c', Buffer.from('x'));
    await send(bucket, 'c', 'retention', retention('COMPLIANCE', until(3)));
    const shorter = await send(bucket, 'c', 'retention', retention('COMPLIANCE', until(2)));
    expect(ossError(shorter)).toMatchObject({ status: 403, code: 'AccessDenied' });
    const longer = until(4);
    expect((await send(bucket, 'c', 'retention', retention('COMPLIANCE', longer))).status).toBe(200);
    expect(await retained('c')).toEqual(['COMPLIANCE', longer]);
  });

  it.each<[string, string, number, string]>([
    ['another mode', retention('STRICT', until(1)), 400, 'MalformedXML'],
    ['no mode', `<Retention><RetainUntilDate>${until(1)}</RetainUntilDate></Retention>`, 400, 'MalformedXML'],
    ['no date', retention('COMPLIANCE', ''), 400, 'MalformedXML'],
    ['what is no date', retention('COMPLIANCE', 'tomorrow'), 400, 'MalformedXML'],
    ['a day that does not exist', retention('COMPLIANCE', '2030-13-41T00:00:00.000Z'), 400, 'MalformedXML'],
    ['a date that is over', retention('COMPLIANCE', until(-1)), 400, 'InvalidArgument'],
  ])('refuses %s', async (_, body, status, code) => {
    await put(bucket, 'r', Buffer.from('x'));
    expect(ossError(await send(bucket, 'r', 'retention', body))).toMatchObject({ status, code });
    expect(await retained('r')).toEqual(['', '']);
  });
});

describe('legal hold', () => {
  it('is OFF at first, then what was put, beside the retention', async () => {
    await put(bucket, 'h', Buffer.from('x'));
    expect(await held('h')).toBe('OFF');
    const date = until(1);
    await send(bucket, 'h', 'retention', retention('GOVERNANCE', date));
    for (const status of ['ON', 'OFF', 'ON']) {
      expect((await send(bucket, 'h', 'legalHold', legalHold(status))).status).toBe(200);
      expect(await held('h')).toBe(status);
    }
    expect(await retained('h')).toEqual(['GOVERNANCE', date]);
    expect(ossError(await send(bucket, 'h', 'legalHold', legalHold('on'))).code).toBe('MalformedXML');
  });
});

it('both need a bucket with ObjectWorm, and an object', async () => {
  for (const [query, body] of [
    ['retention', retention('COMPLIANCE', until(1))],
    ['legalHold', legalHold('ON')],
  ] as const) {
    expect(ossError(await send(plain, 'k', query, body))).toMatchObject({ status: 400, code: 'InvalidRequest' });
    expect(ossError(await get(plain, 'k', { [query]: '' }))).toMatchObject({ status: 400, code: 'InvalidRequest' });
    expect(ossError(await send(bucket, 'nothing', query, body))).toMatchObject({ status: 404, code: 'NoSuchKey' });
    expect(ossError(await get(bucket, 'nothing', { [query]: '' })).code).toBe('NoSuchKey');
  }
});
