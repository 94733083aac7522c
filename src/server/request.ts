/** From an HTTP request to the bucket and key it means (rest-core.md §5.3, W11, W12). */
import type { IncomingMessage } from 'node:http';
import { isIP } from 'node:net';
import type { Plan } from '../processors/plan.ts';
import { fail, OssError } from '../store/errors.ts';
import { isBucketName, utf8Text } from '../store/names.ts';
import type { Verdict } from './auth/index.ts';
import { bytesOf, isPlain, textOf } from './wire.ts';

export interface Address {
  readonly target: 'service' | 'bucket' | 'object';
  readonly bucket: string;
  readonly key: string;
  /** Under a bucket's own host `/_ossite/` is an ordinary key. */
  readonly style: 'path' | 'host';
}

/** What actions get to see of a request. */
export interface OssRequest extends Address {
  readonly id: string;
  readonly method: string;
  /** Host as the client addressed it, with port. */
  readonly host: string;
  readonly query: ReadonlyMap<string, string>;
  /** A header's value as text; names in lower case. */
  header(name: string): string | undefined;
  /** All headers whose name starts so, without that start. */
  headersStarting(prefix: string): Readonly<Record<string, string>>;
  readonly body: IncomingMessage;
  /** Fires when the client leaves. */
  readonly signal: AbortSignal;
  readonly auth: Verdict;
  /** Tells how a signature in the body turned out; for the action that reads it (`Action.signedInBody`). */
  authenticated(verdict: Verdict): void;
  /** Tells a key that stands in the body, before anything is done with it; for the same. @throws what a fault rule makes of it */
  keyed(key: string): Promise<void>;
  /** Tells what is going to be run, before it is. @throws what a fault rule makes of it */
  planned(plan: Plan): Promise<void>;
}

/** The raw target, split by hand: WHATWG `URL` would collapse `/../` and turn `\` into `/`. */
export interface Target {
  /** Of a target in absolute form, as proxies are sent them: it stands above the Host header. */
  readonly host: string | undefined;
  /** Still percent-encoded, with its leading slash. */
  readonly path: string;
  readonly query: ReadonlyMap<string, string>;
  /** Pairs as they came, in order, for signatures. */
  readonly pairs: readonly (readonly [string, string])[];
}

/** Splits a request target. */
export function parseTarget(url: string): Target {
  const [origin = '', host] = /^https?:\/\/([^/?]*)/i.exec(url) ?? [];
  const relative = url.slice(origin.length);
  const mark = relative.indexOf('?');
  const path = mark < 0 ? relative : relative.slice(0, mark);
  const text = mark < 0 ? '' : relative.slice(mark + 1);
  const pairs = text
    .split('&')
    .filter((pair) => pair !== '')
    .map((pair): readonly [string, string] => {
      const at = pair.indexOf('=');
      const name = decodeText((at < 0 ? pair : pair.slice(0, at)).replaceAll('+', ' '));
      const raw = at < 0 ? '' : pair.slice(at + 1);
      // In a process string a plus is a plus (spec README rule 4).
      return [name, decodeText(PROCESS_KEYS.has(name) ? raw : raw.replaceAll('+', ' '))];
    });
  return { host, path: path === '' ? '/' : path, pairs, query: new Map(pairs) };
}

const PROCESS_KEYS: ReadonlySet<string> = new Set(['x-oss-process', 'x-oss-async-process']);

/** Percent-decodes; a `%` that is no escape stays. */
export const decodeBytes = (text: string): Buffer => Buffer.from(unescaped(text), 'latin1');

const unescaped = (text: string): string =>
  text.includes('%')
    ? text.replace(/%([0-9a-fA-F]{2})/g, (_, hex: string) => String.fromCharCode(Number.parseInt(hex, 16)))
    : text;

const decodeText = (text: string): string => textOf(unescaped(text));

/** Percent-decodes a name in a header. @throws InvalidArgument for what is not UTF-8 */
export const decodeName = (text: string): string =>
  utf8Text(decodeBytes(bytesOf(text).toString('latin1'))) ?? notUtf8();

/** @throws InvalidArgument */
export const notUtf8 = (): never => fail('InvalidArgument', { message: 'The characters encoding must be utf-8.' });

/** Decodes a part of a path: a literal plus means a space there (rule W12). @throws InvalidArgument for what is not UTF-8 */
const decodePath = (text: string): string => utf8Text(decodeBytes(text.replaceAll('+', ' '))) ?? notUtf8();

/** Names of Alibaba Cloud's own under which SDKs address the service when they are given an IP as endpoint. */
const ALIYUN_SERVICE = /^(oss|oss-[a-z0-9-]+)\.aliyuncs\.com$/;

/** `cn-hangzhou.oss.aliyuncs.com` is the service, dual-stack; `oss-example.oss.aliyuncs.com` on the page is a bucket. */
const ALIYUN_DUAL_STACK = /^(cn|ap|us|eu|me|sa|af)-[a-z0-9-]+\.oss\.aliyuncs\.com$/;

export interface Hosts {
  /** Names under which the service itself is reached. */
  readonly names: readonly string[];
  /** The bucket that a host name stands for, because the settings say so: whatever else it may be. */
  cname(host: string): string | undefined;
  /** The bucket that a client has bound a domain to: never one under which the service itself is reached. */
  domain(host: string): string | undefined;
  /** Of requests that name none; empty where there is none. */
  readonly defaultBucket: string;
  bucketExists(name: string): boolean;
  /** Whether the bucket holds a key that starts so. */
  keyExists(bucket: string, prefix: string): boolean;
}

/**
 * Finds out which bucket and key a request is about.
 * @returns the ways to read it, the likeliest first: where there are two, the signature tells which is meant
 */
export function resolveAddress(hostHeader: string, path: string, hosts: Hosts): readonly [Address, ...Address[]] {
  const name = hostName(hostHeader);
  const mapped = hosts.cname(name);
  if (mapped !== undefined) return [hostStyle(mapped, path)];
  if (isService(name, hosts)) return [pathStyle(path)];
  const dot = name.indexOf('.');
  const label = dot < 0 ? name : name.slice(0, dot);
  const knownParent = dot >= 0 && isService(name.slice(dot + 1), hosts);
  // ali-oss on an IP names no bucket in these two ways.
  if (knownParent && (label === '' || label === 'undefined')) return [pathStyle(path)];
  if (knownParent) return bucketInHost(label, path, hosts);
  const bound = hosts.domain(name);
  if (bound !== undefined) return [hostStyle(bound, path)];
  return unknownHost(dot < 0 ? undefined : label, path, hosts);
}

/**
 * A container's name, perhaps, alone or behind a bucket's; or a domain that a client takes for a bucket's own
 * (rest-core.md §5.3 step 6, assumed). Where several readings make sense the signature tells which is meant.
 * @param label what would be the bucket; absent where the host has only one part
 */
function unknownHost(label: string | undefined, path: string, hosts: Hosts): readonly [Address, ...Address[]] {
  const byPath = pathStyle(path);
  const byHost = label === undefined ? [] : [hostStyle(label, path)];
  if (byPath.target !== 'service' && hosts.bucketExists(byPath.bucket)) return [byPath, ...byHost];
  if (label !== undefined && hosts.bucketExists(label)) return [hostStyle(label, path), byPath];
  if (byPath.bucket === CONTROL) return [byPath];
  if (hosts.defaultBucket !== '') return [hostStyle(hosts.defaultBucket, path), byPath, ...byHost];
  // There is no such bucket, whichever it is: but this may be about to make it.
  if (byPath.target === 'service' || isBucketName(path.slice(1).replace(/\/$/, ''))) return [byPath, ...byHost];
  const [first = byPath] = byHost;
  return [first, byPath];
}

/** What stands in a bucket's place in requests to the control API: no bucket can have that name. */
export const CONTROL = '_ossite';

/**
 * ali-oss given an IP and `sldEnable` sends the bucket in the host *and* in the path. Without a signature that is likely
 * when the bucket exists and no key of it begins with its own name (rest-core.md §5.3 step 5, assumed).
 */
function bucketInHost(bucket: string, path: string, hosts: Hosts): readonly [Address, ...Address[]] {
  const inHost = hostStyle(bucket, path);
  if (path !== `/${bucket}` && !path.startsWith(`/${bucket}/`)) return [inHost];
  const likely = hosts.bucketExists(bucket) && !hosts.keyExists(bucket, `${bucket}/`);
  return likely ? [pathStyle(path), inHost] : [inHost, pathStyle(path)];
}

function hostName(header: string): string {
  const host = header.toLowerCase();
  const ipv6 = /^\[([^\]]*)\]/.exec(host);
  return ipv6?.[1] ?? host.replace(/:\d*$/, '');
}

const isService = (name: string, hosts: Hosts) =>
  name === '' ||
  isIP(name) !== 0 ||
  name === 'localhost' ||
  hosts.names.includes(name) ||
  ALIYUN_SERVICE.test(name) ||
  (ALIYUN_DUAL_STACK.test(name) && !hosts.bucketExists(name.slice(0, name.indexOf('.'))));

/** Whether a domain is one of the service's own, or of a bucket below it: nobody can bind those. */
export const isOwnDomain = (name: string, hosts: Hosts): boolean =>
  isService(name, hosts) || isService(name.slice(name.indexOf('.') + 1), hosts);

/**
 * The host of a request as it was addressed, where it is one of the service's own: an address, `localhost`, a name of the
 * settings. Any other name may be one that somebody else's DNS lets point here.
 * @returns in lower case, with its port; `undefined` for all others, and for one that stands for a bucket
 */
export function serviceHost(hostHeader: string, hosts: Hosts): string | undefined {
  const host = hostHeader.toLowerCase();
  const wellFormed = host === '' || /^(\[[0-9a-f:.]+\]|[^\s:;,/\\[\]]+)(:\d+)?$/.test(host);
  const name = hostName(host);
  return wellFormed && hosts.cname(name) === undefined && isService(name, hosts) ? host : undefined;
}

function pathStyle(path: string): Address {
  const rest = path.slice(1);
  const slash = rest.indexOf('/');
  const bucket = decodePath(slash < 0 ? rest : rest.slice(0, slash));
  const key = slash < 0 ? '' : decodePath(rest.slice(slash + 1));
  if (bucket === '' && key === '') return { target: 'service', bucket: '', key: '', style: 'path' };
  return { target: key === '' ? 'bucket' : 'object', bucket, key, style: 'path' };
}

function hostStyle(bucket: string, path: string): Address {
  const key = decodePath(path.slice(1));
  return { target: key === '' ? 'bucket' : 'object', bucket, key, style: 'host' };
}

/** Reads headers as text (rule W13); Node has trimmed them. */
export function headerReader({ headers }: IncomingMessage): Pick<OssRequest, 'header' | 'headersStarting'> {
  // Signatures ask for the same headers again and again.
  const read = new Map<string, string>();
  function header(name: string): string | undefined {
    // Clients choose names, too, in what they list as signed: `constructor` is no header that they sent.
    const value = Object.hasOwn(headers, name) ? headers[name] : undefined;
    if (value === undefined) return undefined;
    const sent = Array.isArray(value) ? value.join(', ') : value;
    if (isPlain(sent)) return sent;
    const text = read.get(name) ?? textOf(sent);
    read.set(name, text);
    return text;
  }
  return {
    header,
    headersStarting: (prefix) =>
      Object.fromEntries(
        Object.keys(headers)
          .filter((name) => name.startsWith(prefix))
          .map((name) => [name.slice(prefix.length), header(name) ?? '']),
      ),
  };
}

/** Reads a small body whole. @throws EntityTooLarge beyond `most` bytes, IncompleteBody when it ends early */
export async function readBody(req: Pick<OssRequest, 'body' | 'header'>, most: number): Promise<Buffer> {
  const tooLarge = () => fail('EntityTooLarge', { elements: { MaxSizeAllowed: String(most) } });
  if (Number(req.header('content-length') ?? 0) > most) tooLarge();
  const chunks: Buffer[] = [];
  let size = 0;
  for await (const chunk of complete(req)) {
    size += chunk.length;
    if (size > most) tooLarge();
    chunks.push(chunk);
  }
  return Buffer.concat(chunks);
}

/**
 * A body that tells its length, and that it is small: by events, because iterators cost more than so few bytes.
 * @throws IncompleteBody
 */
export function atOnce({ body }: Pick<OssRequest, 'body'>): Promise<Buffer> {
  return new Promise((resolve, reject) => {
    const chunks: Buffer[] = [];
    const cut = (cause?: unknown) => reject(new OssError('IncompleteBody', { cause }));
    if (body.destroyed) return cut();
    body
      .on('data', (chunk: Buffer) => chunks.push(chunk))
      .once('end', () => {
        body.off('error', cut).off('close', cut);
        const [only] = chunks;
        if (!body.complete) cut();
        else resolve(only !== undefined && chunks.length === 1 ? only : Buffer.concat(chunks));
      })
      .once('error', cut)
      .once('close', cut);
  });
}

/** The body's chunks; an end before Content-Length is reached is an error. @throws IncompleteBody */
export async function* complete(req: Pick<OssRequest, 'body' | 'header'>): AsyncGenerator<Buffer> {
  try {
    // A reader that stops early must not take the connection with it: there is an answer to send.
    for await (const chunk of req.body.iterator({ destroyOnReturn: false }) as AsyncIterable<Buffer>) yield chunk;
  } catch (error) {
    fail('IncompleteBody', { cause: error });
  } finally {
    // What nobody wants is dropped: a client that is still sending would never come to read the answer.
    req.body.resume();
  }
  if (!req.body.complete) fail('IncompleteBody');
}
