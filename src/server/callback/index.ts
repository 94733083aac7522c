/** Callbacks: OSS tells a server of the client's about the object it has just stored (rest-core.md §1.5). */
import { createHash } from 'node:crypto';
import { fail, OssError } from '../../store/errors.ts';
import type { StoredObject } from '../../store/objects.ts';
import type { Services } from '../action.ts';
import { OWNER } from '../describe.ts';
import { planFor, runWhileWaiting } from '../processing.ts';
import type { Reply } from '../reply.ts';
import type { OssRequest } from '../request.ts';
import { type Callback, fromOnePlace, readCallback } from './config.ts';
import { post } from './send.ts';
import { fill, namesIn, type Variables } from './template.ts';

/** Where the PEM of the public key is, below `/_ossite/`: OSS's own name for it. */
export const KEY_PATH = 'callback_pub_key_v1.pem';

/** Where OSS has its own, and where servers that check callbacks want it to be: to them this server may stand for it. */
const KEY_HOST = /^gosspublic\.alicdn\.com(:\d*)?$/i;

/** Whether a request is for the public key at the address of OSS's own. */
export const isKeyAddress = (host: string, path: string): boolean => KEY_HOST.test(host) && path === `/${KEY_PATH}`;

/** The public key, as PEM. */
export async function keyReply(oss: Pick<Services, 'callbackKey'>): Promise<Reply> {
  const { publicPem } = await oss.callbackKey();
  return { status: 200, headers: { 'Content-Type': KEY_TYPE }, body: { bytes: Buffer.from(publicPem) } };
}

export const KEY_TYPE = 'application/x-pem-file';

/**
 * The callback a request asks for in headers or query. To be called before its body is read.
 * @throws InvalidArgument, NotImplemented when callbacks are switched off
 */
export function callbackOf(req: OssRequest, oss: Services): Callback | undefined {
  const callback = fromOnePlace('callback', req.header('x-oss-callback'), req.query.get('callback'));
  const vars = fromOnePlace('callback-var', req.header('x-oss-callback-var'), req.query.get('callback-var'));
  return callbackFrom(callback, vars, oss);
}

/** As `callbackOf`, from the two values. */
export function callbackFrom(
  callback: string | undefined,
  vars: string | undefined,
  { settings }: Pick<Services, 'settings'>,
): Callback | undefined {
  if (callback === undefined) return undefined;
  if (settings.callbacks === 'off') {
    fail('NotImplemented', {
      elements: { Header: 'x-oss-callback', Detail: 'Callbacks are switched off in this emulator.' },
    });
  }
  return readCallback(callback, vars);
}

export interface Stored {
  readonly req: OssRequest;
  readonly oss: Services;
  readonly object: StoredObject;
  /** Name of the action that stored it. */
  readonly operation: string;
}

/**
 * The answer to a request that stored an object: that of the callback server, or `reply` where there is no callback.
 * @throws CallbackFailed; the object stays stored
 */
export async function answered(callback: Callback | undefined, stored: Stored, reply: Reply): Promise<Reply> {
  if (callback === undefined) return reply;
  const { req, oss } = stored;
  const body = fill(callback.template, callback.type, await variablesOf(callback, stored));
  const key = await oss.callbackKey();
  const keyUrl = oss.settings['callback-key-url'] || `${ownUrl(req)}/_ossite/${KEY_PATH}`;
  // As in the example on OSS's page.
  const headers = (url: URL) => ({
    ...callback.headers,
    ...(callback.host === undefined ? {} : { host: callback.host }),
    authorization: key.sign(`${decodedPath(url)}${url.search}\n${body}`),
    'content-md5': createHash('md5').update(body).digest('base64'),
    'content-type': callback.type,
    date: new Date().toUTCString(),
    'user-agent': 'aliyun-oss-callback',
    'x-oss-bucket': req.bucket,
    'x-oss-pub-key-url': Buffer.from(keyUrl).toString('base64'),
    'x-oss-request-id': req.id,
    'x-oss-requester': req.auth.outcome === 'anonymous' ? 'anonymous' : OWNER,
    'x-oss-signature-version': '1.0',
    'x-oss-tag': 'CALLBACK',
  });
  const entries = Object.entries(reply.headers ?? {}).flatMap(([name, value]) =>
    value === undefined || name === 'Content-Type' || name === 'Location' ? [] : [[name, String(value)]],
  );
  const kept: Readonly<Record<string, string>> = Object.fromEntries(entries);
  const { urls, sni } = callback;
  const { type, bytes } = await post({ urls, sni, headers, body, signal: oss.closing }, kept);
  return { status: 200, headers: { ...kept, 'Content-Type': type }, body: { bytes } };
}

function decodedPath({ pathname }: URL): string {
  try {
    return decodeURIComponent(pathname);
  } catch {
    return pathname;
  }
}

/** This server's address: the client's word for it, but under a bucket's own host `/_ossite/` would be a key. */
function ownUrl({ style, host, body }: OssRequest): string {
  if (style === 'path') return `http://${host}`;
  const { localAddress = '', localPort } = body.socket;
  return `http://${localAddress.includes(':') ? `[${localAddress}]` : localAddress}:${localPort}`;
}

async function variablesOf(callback: Callback, stored: Stored): Promise<Variables> {
  const { req, object, operation } = stored;
  const ofImages = namesIn(callback.template).some((name) => name.startsWith('imageInfo.'));
  return {
    bucket: req.bucket,
    object: object.key,
    etag: object.etag,
    size: object.size,
    mimeType: object.contentType,
    crc64: object.crc64,
    contentMd5: object.md5 ?? '',
    vpcId: '',
    clientIp: (req.body.socket.remoteAddress ?? '').replace(/^::ffff:/, ''),
    reqId: req.id,
    operation,
    ...(ofImages ? await imageInfo(stored) : {}),
    ...callback.vars,
  };
}

/** Size and format of a picture, by the operation that tells them to others; empty for what is none. */
async function imageInfo({ req, oss, object }: Stored): Promise<Variables> {
  try {
    const made = planFor('image/info', 'get', oss.store.buckets.need(req.bucket), oss);
    const json = await runWhileWaiting({ ...req, key: object.key }, made, oss, async ([artifact]) => {
      return artifact !== undefined && 'bytes' in artifact ? artifact.bytes.toString('utf8') : '{}';
    });
    const info = JSON.parse(json) as Readonly<Record<string, { readonly value: string } | undefined>>;
    return {
      'imageInfo.height': Number(info.ImageHeight?.value),
      'imageInfo.width': Number(info.ImageWidth?.value),
      'imageInfo.format': info.Format?.value ?? '',
    };
  } catch (error) {
    if (error instanceof OssError) return {};
    throw error;
  }
}
