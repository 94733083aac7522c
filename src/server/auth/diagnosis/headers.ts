/** Headers that were signed otherwise than they came: left out, or changed by an HTTP library or a proxy on the way. */
import { createHash } from 'node:crypto';
import mime from 'mime-types';
import { compactTime } from '../v4.ts';
import { type Case, type Cause, FEW, type Suspect, withHeaders } from './suspect.ts';

const shown = (value: string | undefined): string => (value === undefined || value === '' ? 'none' : `"${value}"`);

/** What HTTP libraries put in when the program does not. */
const TYPES = [
  ...['application/octet-stream', 'application/x-www-form-urlencoded', 'application/json', 'application/xml'],
  ...['text/plain', 'text/plain; charset=utf-8', 'text/plain;charset=UTF-8', 'binary/octet-stream'],
];

const CHARSETS = ['; charset=utf-8', ';charset=utf-8', '; charset=UTF-8', ';charset=UTF-8'];

/** Content-Type: none, without the charset that came, with one that was lost, or another's default. */
export const contentType: Cause = function* ({ req }) {
  const came = req.header('content-type');
  const bare = came?.split(';')[0]?.trim() ?? '';
  const byName = mime.lookup(req.key) || undefined;
  const types = [undefined, '', bare, ...(bare === '' ? [] : CHARSETS.map((end) => bare + end)), byName, ...TYPES];
  for (const type of new Set(types)) {
    if (type === came) continue;
    const sentence = `The client signed the Content-Type ${shown(type)}, and ${shown(came)} came: an HTTP library or a proxy changed it.`;
    yield { cause: 'content-type', sentence, signing: { req: withHeaders(req, { 'content-type': type }) } };
  }
};

/** Content-MD5 that was put in after signing. What was taken away can not be guessed, but for that of nothing. */
export const contentMd5: Cause = function* ({ req }) {
  const came = req.header('content-md5');
  const ofNothing = createHash('md5').digest('base64');
  for (const md5 of [undefined, '', ofNothing]) {
    if (md5 === came) continue;
    const sentence = `The client signed the Content-MD5 ${shown(md5)}, and ${shown(came)} came.`;
    yield { cause: 'content-md5', sentence, signing: { req: withHeaders(req, { 'content-md5': md5 }) } };
  }
};

/** Headers of OSS's own: all that come are signed. */
export const ossHeaders: Cause = function* ({ req, version }) {
  const names = Object.keys(req.headersStarting('x-oss-')).map((name) => `x-oss-${name}`);
  const without = (left: readonly string[], sentence: string): Suspect => ({
    cause: 'header-left-out',
    sentence,
    signing: { req: withHeaders(req, Object.fromEntries(left.map((name) => [name, undefined]))) },
  });
  for (const name of names.slice(0, FEW))
    yield without([name], `The header ${name} came and was not signed: the client left it out, or a proxy put it in.`);
  if (names.length > 1) yield without(names, 'The client signed no header that begins with x-oss-.');
  if (version === 'v4' && !names.includes('x-oss-content-sha256')) {
    const changed = { 'x-oss-content-sha256': 'UNSIGNED-PAYLOAD' };
    const sentence =
      'The client signed x-oss-content-sha256, and it did not come: it was not sent, or a proxy took it away.';
    yield { cause: 'header-lost', sentence, signing: { req: withHeaders(req, changed) } };
  }
};

/** The payload's line of V4. */
export const payload: Cause = function* ({ req, version }) {
  if (version !== 'v4') return;
  const ofNothing = createHash('sha256').digest('hex');
  for (const line of ['UNSIGNED-PAYLOAD', ofNothing, req.header('x-amz-content-sha256'), '']) {
    if (line === undefined) continue;
    const sentence =
      line === ofNothing
        ? 'The client signed the SHA-256 of an empty body where UNSIGNED-PAYLOAD is to stand.'
        : `The client signed the payload as ${shown(line)}; it is UNSIGNED-PAYLOAD, as in x-oss-content-sha256.`;
    yield { cause: 'payload-hash', sentence, signing: { req, payload: line } };
  }
};

/** The date: which of the two, none, or in another form. */
export const date: Cause = function* ({ req, version, url, dates }) {
  const say = (text: string, other: string): Suspect => ({
    cause: 'date',
    sentence: `The client signed the date as ${shown(text)}${other}.`,
    signing: { req, date: text },
  });
  if (version !== 'v4' && !url && req.header('x-oss-date') !== undefined)
    for (const text of dates)
      yield {
        cause: 'date',
        sentence: 'The client signed x-oss-date as the date alone; it is to stand among the x-oss- headers as well.',
        signing: { req: withHeaders(req, { 'x-oss-date': undefined }), date: text },
      };
  const [first = ''] = dates;
  yield say('', '');
  if (url && version !== 'v4') {
    const seconds = Number(first);
    if (!Number.isFinite(seconds)) return;
    for (const text of [seconds * 1000, Math.floor(seconds / 1000)].map(String))
      yield say(text, `, and ${shown(first)} came`);
    const day = req.header('date');
    if (day !== undefined) yield say(day, '; in a URL it is the time at which it expires');
    return;
  }
  const time = timeOf(first);
  if (time === undefined) return;
  for (const text of [
    time.toUTCString(),
    time.toISOString(),
    time.toISOString().replace(/\.\d{3}Z$/, 'Z'),
    compactTime(time),
  ])
    if (text !== first) yield say(text, `, and ${shown(first)} came`);
};

/** The time zone of the client instead of UTC. */
export const timeZone: Cause = function* ({ req, version, url, dates }) {
  if (url && version !== 'v4') return;
  const [first = ''] = dates;
  const time = timeOf(first);
  if (time === undefined) return;
  for (let hours = -12; hours <= 14; hours += 1) {
    if (hours === 0) continue;
    const local = new Date(time.getTime() + hours * 3_600_000);
    const text = version === 'v4' ? compactTime(local) : local.toUTCString();
    const sentence = `The client signed a time that is ${Math.abs(hours)} h ${hours < 0 ? 'before' : 'after'} the one it sent: a local time instead of UTC.`;
    yield { cause: 'time-zone', sentence, signing: { req, date: text } };
  }
};

function timeOf(text: string): Date | undefined {
  const compact = /^(\d{4})(\d\d)(\d\d)T(\d\d)(\d\d)(\d\d)Z$/.exec(text);
  const time = compact === null ? new Date(text) : new Date(text.replace(compact[0], isoOf(compact)));
  // Far off there are no hours before or after it.
  return Math.abs(time.getTime()) < 8e15 ? time : undefined;
}

const isoOf = ([, year, month, day, hour, minute, second]: RegExpExecArray): string =>
  `${year}-${month}-${day}T${hour}:${minute}:${second}Z`;

/** Headers that are signed because the client says so: the host above all, which proxies change. */
export const additional: Cause = function* (asked) {
  const { req, version, additional: names } = asked;
  if (version === 'v1' || names.length === 0) return;
  yield {
    cause: 'additional-headers',
    sentence: 'The client lists additional headers that it did not sign.',
    signing: { req, additional: [] },
  };
  if (!names.some((name) => name.toLowerCase() === 'host')) return;
  const came = req.header('host') ?? '';
  for (const host of new Set(hostsOf(asked, came))) {
    const sentence = `The client signed the host ${host}, and ${shown(came)} came: a proxy changed it.`;
    yield { cause: 'host', sentence, signing: { req: withHeaders(req, { host }) } };
  }
};

function hostsOf({ req, settings }: Case, came: string): readonly string[] {
  const { region, hosts, port } = settings;
  const told = ['x-forwarded-host', 'x-original-host'].flatMap((name) => req.header(name) ?? []);
  const [, ofCame] = /:(\d+)$/.exec(came) ?? [];
  const own = [...hosts, 'localhost', '127.0.0.1'].slice(0, FEW);
  const ports = [`:${port}`, ...(ofCame === undefined ? [] : [`:${ofCame}`]), ''];
  const cloud = [`oss-${region}.aliyuncs.com`, `oss-${region}-internal.aliyuncs.com`];
  const names = [...own.flatMap((name) => ports.map((end) => name + end)), ...cloud];
  return [...told, ...names, ...(req.bucket === '' ? [] : names.map((name) => `${req.bucket}.${name}`))].filter(
    (name) => name !== came,
  );
}
