/**
 * Requests that are signed by hand, right or wrong, and what a server says of their signatures: it must name the mistake and
 * know the signed text to the letter. Nothing of the server's own signing is used.
 */
import { createHash, createHmac } from 'node:crypto';
import { expect } from 'vitest';
import type { OssiteOptions } from '../../src/server/index.ts';
import type { Entry } from '../../src/server/journal.ts';
import type { OwnServer } from './own-server.ts';
import { raw } from './raw.ts';

export const SECRET = 'ossite-secret';
export const B = 'bucket-1';

/** Of the servers these requests go to. */
export const options: OssiteOptions = {
  buckets: [B],
  region: 'cn-hangzhou',
  accessKeys: [`ossite:${SECRET}`, 'other:other-secret'],
  stsTokens: ['STS.one:sts-secret:token-one', 'STS.two:sts-secret:token-old:2020-01-01T00:00:00Z'],
};

export interface Sent {
  /** Method and target. */
  readonly line: string;
  readonly headers?: readonly string[];
}

/** The mistake, its cause, the request, what the client signed for it. */
export type Row = readonly [mistake: string, cause: string, sent: Sent, signed: string];

/** Sends a request and looks up what the journal says of its signature. */
export async function authOf(server: OwnServer, { line, headers = [] }: Sent): Promise<Entry['auth']> {
  const { endpoint } = server.ossite;
  const hasHost = headers.some((header) => /^host:/i.test(header));
  const answer = await raw(endpoint, {
    line: `${line} HTTP/1.1`,
    headers: [...(hasHost ? [] : [`Host: ${new URL(endpoint).host}`]), ...headers],
  });
  const entry = await server.control<Entry>('get', `requests/${answer.headers['x-oss-request-id']}`);
  return entry.auth;
}

/** Sends a request that must be told this cause of its mismatch. */
export async function told(
  server: OwnServer,
  cause: string,
  sent: Sent,
): Promise<NonNullable<Entry['auth']['diagnosis']>> {
  const auth = await authOf(server, sent);
  expect(auth.outcome).toBe('mismatch');
  expect(auth.diagnosis).toMatchObject({ cause, sentence: expect.stringMatching(/^[A-Z].*\.$/) });
  return auth.diagnosis as NonNullable<Entry['auth']['diagnosis']>;
}

const hmac = (algorithm: string, secret: string | Buffer, text: string) => createHmac(algorithm, secret).update(text);
export const sha256 = (text: string) => createHash('sha256').update(text).digest('hex');
export const enc = encodeURIComponent;
export const lines = (...parts: readonly string[]) => parts.join('\n');

/** A key in which everything that can be encoded wrongly is, and its path in a URL. */
export const KEY = 'a b/ü(1).txt';
export const AT = `/${B}/${enc('a b')}/${enc('ü')}(1).txt`;

/** When the requests are signed, as V1 and V4 write it. */
export const now = new Date();
export const DATE = now.toUTCString();
export const TIME = now.toISOString().replace(/[-:]|\.\d{3}/g, '');
export const DAY = TIME.slice(0, 8);
/** `Expires` of a URL. */
export const IN_AN_HOUR = String(Math.floor(now.getTime() / 1000) + 3600);

/** The signature of a V1 text. */
export const v1 = (text: string, secret = SECRET) => hmac('sha1', secret, text).digest('base64');

/** The signature of a V2 text. */
export const v2 = (text: string, secret = SECRET) => hmac('sha256', secret, text).digest('base64');

/** What a V4 credential names behind its access key. */
export const scopeFor = (day = DAY, region = 'cn-hangzhou', product = 'oss') =>
  `${day}/${region}/${product}/aliyun_v4_request`;

/** The text that V4 signs for a canonical request. */
export const textV4 = (canonical: string, scope = scopeFor(), time = TIME) =>
  lines('OSS4-HMAC-SHA256', time, scope, sha256(canonical));

/** The signature of a V4 text. */
export function v4(text: string, scope = scopeFor(), secret = SECRET): string {
  const key = scope
    .split('/')
    .reduce<string | Buffer>((k, part) => hmac('sha256', k, part).digest(), `aliyun_v4${secret}`);
  return hmac('sha256', key, text).digest('hex');
}
