/** Variables for a shell, and calls by curl: without an SDK, a request is what it is. */
import { signedUrl, type UrlRequest } from '../auth/presign.ts';
import { printfFormat, shell } from './literals.ts';
import { type Call, type Connection, LIFETIME_S, type Sdk } from './sdk.ts';

/** curl says so by itself when it is given data; a signature covers it. */
const FORM = 'application/x-www-form-urlencoded';

function request(method: string, { bucket, key }: Call, pairs: UrlRequest['pairs'] = [], type = ''): UrlRequest {
  return { method, bucket, key, pairs, headers: type === '' ? {} : { 'content-type': type } };
}

/** Signed where it has to be; else as short as it can be read. */
function url(asked: UrlRequest, { endpoint, region }: Connection, { sign }: Pick<Call, 'sign'> = {}): string {
  if (sign !== undefined) return shell(sign(asked));
  const place = { host: new URL(endpoint).host, style: 'path' } as const;
  const signing = { version: 'v4', key: undefined, region, now: new Date(0), seconds: 0 } as const;
  const path = signedUrl({ ...asked, pairs: [] }, place, signing);
  const query = asked.pairs.map(([name, value]) => (value === '' ? name : `${name}=${legible(value)}`)).join('&');
  return shell(query === '' ? path : `${path}?${query}`);
}

/** Percent-encoded, but for what may stand in a query, and a body, as it is. */
const legible = (value: string): string =>
  encodeURIComponent(value.toWellFormed())
    .replace(/%(2F|2C|3A|3D)/g, decodeURIComponent)
    .replaceAll("'", '%27');

const processPairs = ({ process }: Call): UrlRequest['pairs'] => (process === '' ? [] : [['x-oss-process', process]]);

function post(parameter: 'x-oss-process' | 'x-oss-async-process', to: Connection, call: Call): string {
  const asked = request('POST', call, [[parameter, '']], FORM);
  return `curl -sS -X POST ${url(asked, to, call)} \\\n  -d ${shell(`${parameter}=${legible(call.process)}`)}`;
}

const commands: Readonly<Record<Call['name'], (to: Connection, call: Call) => string>> = {
  get: (to, call) => `curl -sS -o ${shell(call.file)} ${url(request('GET', call, processPairs(call)), to, call)}`,
  save: (to, call) => post('x-oss-process', to, call),
  async: (to, call) => post('x-oss-async-process', to, call),
  // Without a type the server goes by the key's ending.
  put: (to, call) =>
    `curl -sS -X PUT -H 'Content-Type:' --data-binary @${shell(call.file)} ${url(request('PUT', call), to, call)}`,
  list(to, call) {
    const pairs: UrlRequest['pairs'] = [
      ['list-type', '2'],
      ['prefix', call.key],
      ['delimiter', '/'],
    ];
    return `curl -sS ${url(request('GET', { ...call, key: '' }, pairs), to, call)}`;
  },
  presign,
  head: (to, call) => `curl -sSI ${url(request('HEAD', call), to, call)}`,
  delete: (to, call) => `curl -sS -X DELETE ${url(request('DELETE', call), to, call)}`,
};

/** A V1 signature needs nothing but openssl. */
function presign(to: Connection, call: Call): string {
  const asked = request('GET', call, processPairs(call));
  const plain = url(asked, to);
  const resource = `/${call.bucket}/${call.key}${call.process === '' ? '' : `?x-oss-process=${call.process}`}`;
  return `url=${plain}
expires=$(($(date +%s) + ${LIFETIME_S}))
signature=$({ printf 'GET\\n\\n\\n%s\\n' "$expires"; printf ${printfFormat(resource)}; } |
  openssl dgst -sha1 -hmac ${shell(to.secret)} -binary | base64 | sed 's/+/%2B/g; s/\\//%2F/g; s/=/%3D/g')
echo "$url${call.process === '' ? '?' : '&'}OSSAccessKeyId=${encodeURIComponent(to.id)}&Expires=$expires&Signature=$signature"`;
}

const sdk: Sdk = {
  ...{ language: 'shell', name: 'curl', title: 'Shell', install: '', syntax: 'sh', comment: '#' },
  client: ({ endpoint, id, secret, region }) =>
    [
      ['OSSITE_ENDPOINT', endpoint],
      ['OSS_ENDPOINT', endpoint],
      ['OSS_REGION', region],
      ['OSS_ACCESS_KEY_ID', id],
      ['OSS_ACCESS_KEY_SECRET', secret],
    ]
      .map(([name, value = '']) => `export ${name}=${shell(value)}`)
      .join('\n'),
  call: (to, call) => commands[call.name](to, call),
};

export default sdk;
