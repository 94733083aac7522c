/** docs/troubleshooting.md is found by the text of an error: each text that it quotes is said, by the server or a command. */
import { chmodSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { afterAll, describe, expect, it } from 'vitest';
import { readSettings } from '../src/server/config.ts';
import { openConsole } from '../src/server/control/console.ts';
import { start } from '../src/server/start.ts';
import { callbackHeaders, callbackTo, startCallbackServer } from './helpers/callback-server.ts';
import { ossite } from './helpers/command.ts';
import { endpoint, fixture, saveas, type Task } from './helpers/ossite.ts';
import { ownServer } from './helpers/own-server.ts';
import { readPage } from './helpers/pages.ts';

const dir = mkdtempSync(join(tmpdir(), 'ossite-troubleshooting-'));
afterAll(() => rmSync(dir, { recursive: true }));

function write(name: string, text: string | Buffer): string {
  const path = join(dir, name);
  mkdirSync(dirname(path), { recursive: true });
  writeFileSync(path, text);
  return path;
}

const server = await ownServer({ buckets: ['photos'], taskTimeout: 1 });
for (const name of ['photo.jpg', 'clip.mp4', 'report.docx']) await server.put('photos', name, fixture(name));
const strict = await ownServer({ auth: 'strict' });
const unbound = await ownServer({ imm: 'unbound', buckets: ['photos'] });
await unbound.put('photos', 'report.docx', fixture('report.docx'));

const said = async (args: readonly string[], options: Parameters<typeof ossite>[1] = {}) =>
  (await ossite(args, options)).stderr;
const started = (...flags: readonly string[]) => said(['start', '--port', '0', '--storage', 'memory', ...flags]);
const answered = async (answer: Promise<{ readonly text: string }>) => (await answer).text;
const signed = (id: string) => ({ authorization: `OSS ${id}:wrong`, date: new Date().toUTCString() });
const failed = ({ Status, Code, Message }: Task) => `${Status} ${Code} ${Message}`;

/** A server whose seeding does not end. */
async function whileSeeding(work: (at: string) => Promise<string>): Promise<string> {
  write('slow/init/ready.d/1.sh', 'sleep 600');
  const given = { port: '0', storage: 'memory', log: 'silent', 'seed-dir': join(dir, 'slow') };
  const instance = await start(readSettings(given, {}));
  try {
    return await work(instance.endpoint);
  } finally {
    await instance.close();
  }
}

/** With programs that come before those of the machine, or instead of them. */
async function withPath<T>(path: string, work: () => Promise<T>): Promise<T> {
  const before = process.env.PATH;
  process.env.PATH = path;
  try {
    return await work();
  } finally {
    process.env.PATH = before;
  }
}

/** What makes it say so, by the beginning of the heading. */
const causes: Readonly<Record<string, () => Promise<string>>> = {
  '`listen EADDRINUSE': () => started('--port', new URL(endpoint).port),
  '`… is in use by another Ossite': async () => {
    const dataDir = join(dir, 'data');
    const instance = await start(readSettings({ port: '0', log: 'silent', 'data-dir': dataDir }, {}));
    return said(['start', '--port', '0', '--data-dir', dataDir]).finally(() => instance.close());
  },
  '`OSSITE_PORT must be': () => said(['start'], { env: { OSSITE_PORT: 'tcp://10.96.0.7:6770' } }),
  '`unknown setting': () => said(['start'], { cwd: dirname(write('typo/ossite.yaml', 'prot: 1\n')) }),
  '`ossite.yaml:3': () => {
    write('acl/ossite.yaml', 'buckets:\n  photos:\n    acl: world\n');
    return started('--seed-dir', join(dir, 'acl'));
  },
  '`init/ready.d': () => {
    write('script/init/ready.d/10-upload.sh', 'echo no >&2; exit 1');
    return started('--seed-dir', join(dir, 'script'));
  },
  '`no server answers': () => said(['status', '--endpoint', 'http://127.0.0.1:1']),
  '`not ready after': () => whileSeeding((at) => said(['wait', '--timeout', '1', '--endpoint', at])),
  '`ForbiddenHost': async () => {
    const { text } = await server.request('get', '/_ossite/info', { headers: { host: 'strange.example' } });
    const { error } = JSON.parse(text) as { error: { code: string; message: string } };
    return `${error.code}: ${error.message}`;
  },
  '`ForbiddenOrigin`': async () => {
    const from = (origin: string) => server.request('post', '/_ossite/reset', { headers: { origin } });
    return (await from('http://evil.example')).text + (await from(server.ossite.endpoint)).text;
  },
  '`The console has not been built.': async () => {
    const visitor = { host: 'localhost', header: () => undefined, takes: () => false };
    const { body } = (await openConsole(pathToFileURL(`${dir}/nothing/`)).answer('', visitor)) ?? {};
    return body !== undefined && 'bytes' in body ? String(body.bytes) : '';
  },
  '`SignatureDoesNotMatch`': () => answered(strict.request('get', '/', { headers: signed('ossite') })),
  '`InvalidAccessKeyId`': () => answered(strict.request('get', '/', { headers: signed('nobody') })),
  '`NoSuchBucket`': () => answered(server.get('nowhere', 'a')),
  '`NoSuchKey`': () => answered(server.processed('photos', 'nothing.jpg', 'image/resize,w_1')),
  '`InvalidArgument` with `The value': () => answered(server.processed('photos', 'photo.jpg', 'image/resize,w_abc')),
  '`InvalidArgument` with `Authorization': () =>
    answered(strict.request('get', '/', { headers: { authorization: 'Bearer x', date: new Date().toUTCString() } })),
  '`InvalidArgument` with `Invalid signing region': () => {
    const time = `${new Date().toISOString().slice(0, 19).replace(/[-:]/g, '')}Z`;
    const credential = `ossite/${time.slice(0, 8)}/cn-beijing/oss/aliyun_v4_request`;
    const authorization = `OSS4-HMAC-SHA256 Credential=${credential},Signature=${'0'.repeat(64)}`;
    return answered(strict.request('get', '/', { headers: { authorization, 'x-oss-date': time } }));
  },
  '`CallbackFailed` with `User server': async () => {
    const called = await startCallbackServer();
    called.answer = { raw: 'HTTP/1.1 200 OK\r\n\r\n{}', after: 'end' };
    const headers = callbackHeaders(callbackTo(called));
    return answered(server.request('put', '/photos/called.txt', { headers })).finally(() => called.close());
  },
  '`NotImplemented`': () =>
    withPath(join(dir, 'empty'), () => answered(server.processed('photos', 'clip.mp4', 'video/snapshot,t_0,f_jpg'))),
  '`Imm Client`': () => answered(unbound.submitted('photos', 'report.docx', `doc/convert,target_pdf${saveas('a')}`)),
  'A task is `Failed` with `ConvertTimeout`': async () =>
    failed(
      await server.converted('photos', 'clip.mp4', `video/convert,f_mkv,vcodec_vp9,crf_0,s_1920x1080${saveas('a')}`),
    ),
  'A task is `Failed` with `EngineMissing`': () =>
    withPath(join(dir, 'empty'), async () =>
      failed(await server.converted('photos', 'clip.mp4', `video/convert,f_mp4,vcodec_h264${saveas('b')}`)),
    ),
  '`LibreOffice is installed': () => {
    chmodSync(write('broken/soffice', '#!/bin/sh\nexit 77\n'), 0o755);
    return withPath(`${join(dir, 'broken')}:${process.env.PATH}`, async () =>
      failed(await server.converted('photos', 'report.docx', `doc/convert,target_pdf${saveas('c')}`)),
    );
  },
};

/** What other programs say, and what is seen and not said. */
const notOurs = ['`getaddrinfo ENOTFOUND', 'A page in a bucket', 'Chinese text', '`tsx`, `jest`'];

const headings = [...readPage('docs/troubleshooting.md').matchAll(/^### (.*)$/gm)].map(([, text = '']) => text);

/** A text of the page, where `…` stands for anything and a number for any. */
const quoted = (text: string): RegExp =>
  new RegExp(
    text
      .replace(/[.*+?^${}()|[\]\\]/g, '\\$&')
      .replaceAll('…', '[^\\n]*')
      .replace(/\d+/g, '\\d+'),
  );

describe('docs/troubleshooting.md', () => {
  it('has each error once, and no other', () => {
    const known = [...Object.keys(causes), ...notOurs];
    expect(headings.map((text) => known.filter((start) => text.startsWith(start)).length)).toEqual(
      headings.map(() => 1),
    );
    expect(headings.length).toBe(known.length);
  });

  it.each(Object.entries(causes))('it is said: %s', async (start, cause) => {
    const heading = headings.find((text) => text.startsWith(start)) ?? '';
    const text = await cause();
    // The status of a task is a word of ours, not of an error.
    for (const [, literal = ''] of heading.matchAll(/`([^`]+)`/g)) expect(text).toMatch(quoted(literal));
  });
});
