import { OssError } from '../../../store/errors.ts';
import { checkKey, isBucketName } from '../../../store/names.ts';
import type { Services } from '../../action.ts';
import { ownKey } from '../../auth/own-key.ts';
import { signedUrl } from '../../auth/presign.ts';
import { sdks } from '../../sdks/index.ts';
import { type Call, type Connection, callNames, LIFETIME_S, type Sdk } from '../../sdks/sdk.ts';
import { ControlError, type ControlRequest, hostOf, type Route, wrong } from '../route.ts';

/** This server, as the client that asks has found it. @throws ControlError where the settings have no key */
function connection(req: ControlRequest, { settings, namespace }: Services): Connection {
  const key = ownKey(settings, namespace);
  if (key === undefined) throw new ControlError(409, 'NoAccessKey', 'the settings have no access key');
  return { endpoint: `http://${hostOf(req)}`, id: key.id, secret: key.secret, region: settings.region };
}

const shown = ({ language, name, title, install, syntax }: Sdk, code: string) => ({
  ...{ language, name, title, install, syntax, code },
});

const clients: Route = {
  method: 'GET',
  path: 'clients',
  doc: 'What makes a client of each SDK, with this server’s address, region and key: `language`, `name`, `title`, `install`, `syntax`, `code`.',
  async run(req, oss) {
    const to = connection(req, oss);
    return { status: 200, json: { clients: sdks.map((sdk) => shown(sdk, sdk.client(to))) } };
  },
};

/** Calls that mean nothing without a process string. */
const processing: readonly string[] = ['save', 'async'];

function callFrom(body: unknown): Omit<Call, 'sign' | 'file'> {
  const form = 'the body must be {"call": "get", "bucket": "demo", "key": "photo.jpg", "process"?}';
  if (typeof body !== 'object' || body === null) return wrong(form);
  const { call, bucket, key = '', process = '', ...rest } = body as Readonly<Record<string, unknown>>;
  const [unknown] = Object.keys(rest);
  if (unknown !== undefined) return wrong(`there is no ${unknown}; known are call, bucket, key, process`);
  const name = callNames.find((known) => known === call) ?? wrong(`call must be one of ${callNames.join(', ')}`);
  if (typeof bucket !== 'string' || !isBucketName(bucket)) return wrong('bucket must be a bucket’s name');
  if (typeof key !== 'string' || typeof process !== 'string') return wrong('key and process must be texts');
  if (name !== 'list') usable(key);
  if (processing.includes(name) && process === '') return wrong(`${name} needs a process string`);
  return { name, bucket, key, process };
}

/** @throws ControlError */
function usable(key: string): void {
  try {
    checkKey(key);
  } catch (error) {
    if (!(error instanceof OssError)) throw error;
    throw new ControlError(error.status, error.code, error.message);
  }
}

/** A name for the local file: the key's last part, with the ending of the format that is asked for. */
function fileFor(key: string, process: string): string {
  const last = key.slice(key.lastIndexOf('/') + 1).replace(/[^\w.-]+/g, '_');
  const name = last.replace(/^[-.]+/, '') || 'object';
  const [, format] = /^image\/.*\bformat,(jpg|png|webp|bmp|gif|tiff|heic|avif)\b/.exec(process) ?? [];
  return (format === undefined ? name : `${name.replace(/\.\w+$/, '')}.${format}`).slice(-100);
}

const snippets: Route = {
  method: 'POST',
  path: 'snippets',
  doc: `Code for a call in each SDK, complete enough to paste: \`{"call": ${callNames.map((name) => `"${name}"`).join('|')}, "bucket", "key", "process"?}\`. curl gets a signed URL where one is needed.`,
  async run(req, oss) {
    const { settings, namespace } = oss;
    const to = connection(req, oss);
    const asked = callFrom(await req.json());
    const signing = { version: 'v4', region: settings.region, now: new Date(), seconds: LIFETIME_S } as const;
    const key = ownKey(settings, namespace);
    const place = { host: hostOf(req), style: 'path' } as const;
    const call: Call = {
      ...asked,
      file: fileFor(asked.key, asked.name === 'get' ? asked.process : ''),
      ...(settings.auth === 'strict' || namespace !== ''
        ? { sign: (request) => signedUrl(request, place, { ...signing, key }) }
        : {}),
    };
    return { status: 200, json: { snippets: sdks.map((sdk) => shown(sdk, sdk.call(to, call))) } };
  },
};

export default [clients, snippets];
