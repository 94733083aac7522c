/**
 * The settings: one row each, from which flag (`--data-dir`), environment variable (`OSSITE_DATA_DIR`), key in
 * `ossite.yaml` (`data-dir`), help and docs are derived. Flag beats environment beats file beats default.
 */
import { existsSync, readFileSync } from 'node:fs';
import { availableParallelism } from 'node:os';
import { type BucketAcl, bucketAcls } from '../store/buckets.ts';
import { checkBucketName } from '../store/names.ts';

interface Setting<T> {
  readonly doc: string;
  /** The default as a user would write it. */
  readonly default: string;
  /** What the help says a value looks like; absent for settings that are on or off. */
  readonly form?: string;
  /** @throws Error saying what was expected */
  parse(text: string): T;
}

export interface AccessKey {
  readonly id: string;
  readonly secret: string;
}

const text = (doc: string, fallback: string, form: string): Setting<string> => ({
  doc,
  default: fallback,
  form,
  parse: (t) => t,
});

function whole(doc: string, fallback: string, min: number, max: number): Setting<number> {
  return {
    doc,
    default: fallback,
    form: 'N',
    parse(value) {
      const number = Number(value);
      if (!/^\d+$/.test(value) || number < min || number > max) throw new Error(`an integer from ${min} to ${max}`);
      return number;
    },
  };
}

function choice<const C extends readonly string[]>(doc: string, choices: C, fallback: C[number]): Setting<C[number]> {
  return {
    doc,
    default: fallback,
    form: choices.join('|'),
    parse(value) {
      if (!choices.includes(value)) throw new Error(`one of ${choices.join(', ')}`);
      return value;
    },
  };
}

function onOff(doc: string): Setting<boolean> {
  return {
    doc,
    default: 'false',
    parse(value) {
      if (!['true', 'false', '1', '0'].includes(value)) throw new Error('true or false');
      return value === 'true' || value === '1';
    },
  };
}

function list<T>(
  doc: string,
  fallback: string,
  form: string,
  separator: RegExp,
  item: (part: string) => T,
): Setting<readonly T[]> {
  const parts = (value: string) =>
    value
      .split(separator)
      .map((part) => part.trim())
      .filter((part) => part !== '');
  return { doc, default: fallback, form, parse: (value) => parts(value).map(item) };
}

const accessKey = (part: string): AccessKey => {
  const at = part.indexOf(':');
  if (at < 1 || at === part.length - 1) throw new Error('id:secret;id:secret');
  return { id: part.slice(0, at), secret: part.slice(at + 1) };
};

const bucketWithAcl = (part: string): { readonly name: string; readonly acl: BucketAcl } => {
  const [name = '', acl = 'private'] = part.split(':');
  const known = bucketAcls.find((word) => word === acl);
  if (known === undefined)
    throw new Error(`a bucket name with an optional ACL (${bucketAcls.join(', ')}), such as photos:public-read`);
  return { name: checkBucketName(name), acl: known };
};

const cores = String(availableParallelism());

/** The table. */
export const table = {
  port: whole('Port to listen on; 0 takes any free one.', '6770', 0, 65535),
  host: text('Address to listen on.', '127.0.0.1', 'ADDRESS'),
  'data-dir': text('Where buckets, objects and tasks are kept.', './.ossite', 'DIR'),
  storage: choice(
    'disk keeps everything; memory uses a temporary directory that is removed at the end.',
    ['disk', 'memory'],
    'disk',
  ),
  auth: choice(
    'off ignores signatures; lenient accepts every request, checks its signature and says how it went in x-ossite-auth; strict answers as OSS does.',
    ['off', 'lenient', 'strict'],
    'lenient',
  ),
  'access-keys': list(
    'Known access keys. OSS_ACCESS_KEY_ID and OSS_ACCESS_KEY_SECRET, when set, are known as well.',
    'ossite:ossite-secret',
    'ID:SECRET;…',
    /;/,
    accessKey,
  ),
  region: text('Region that answers name.', 'cn-hangzhou', 'REGION'),
  hosts: list(
    'Names under which the service is reached; X.NAME is bucket X.',
    'localhost,127.0.0.1',
    'NAME,…',
    /,/,
    (n) => n.toLowerCase(),
  ),
  buckets: list('Buckets to create at start.', '', 'NAME[:ACL],…', /,/, bucketWithAcl),
  'seed-dir': text(
    'Directory to fill buckets from at start: DIR/<bucket>/<key>.',
    existsSync('/seed') ? '/seed' : '',
    'DIR',
  ),
  demo: onOff('Fill a bucket named demo with a photograph, an animation, a clip, a song and documents.'),
  workers: whole('Asynchronous tasks at once.', cores, 1, 64),
  'task-timeout': whole('Seconds one task may run.', '600', 1, 86_400),
  // Two more than cores: a picture's work pauses between its threads, and 2 at once leave a sixth of 2 cores idle.
  'max-image-slots': whole(
    'Synchronous processing runs at once; more wait.',
    String(availableParallelism() + 2),
    1,
    64,
  ),
  'result-cache': whole('Mebibytes of processed pictures kept for the next GET; 0 keeps none.', '256', 0, 1_048_576),
  'encoder-preset': choice(
    'Speed of the H.264 and H.265 encoders: an emulator’s users wait for tests, not for bytes.',
    ['ultrafast', 'superfast', 'veryfast', 'faster', 'fast', 'medium', 'slow'],
    'ultrafast',
  ),
  'max-output': whole('Mebibytes that a task may write into one video or audio file.', '10240', 1, 1_048_576),
  'image-limit-rule': choice(
    'When image/resize with limit_1 keeps the size of the source: area-or-k, when the box has more pixels than the source or the mode would enlarge; per-side, when a side of the box is longer than the source’s.',
    ['area-or-k', 'per-side'],
    'area-or-k',
  ),
  'gif-to-webp-animated': onOff('image/format,webp keeps all frames of a GIF instead of the first.'),
  'animated-webp': onOff('Animated WebP is taken, as from accounts that OSS has on a list for it.'),
  imm: choice(
    'unbound answers media and document requests as a bucket without an IMM project does.',
    ['bound', 'unbound'],
    'bound',
  ),
  'strict-params': onOff('Unknown parameters of media and document operations are errors instead of warnings.'),
  endpoints: choice(
    'Endpoints in bucket information: the address the client used, or Alibaba Cloud’s own names.',
    ['request', 'aliyun'],
    'request',
  ),
  log: choice('Least important lines to log.', ['silent', 'error', 'warn', 'info', 'debug'], 'info'),
  'log-format': choice(
    'Form of the log; auto is pretty on a terminal and JSON elsewhere.',
    ['auto', 'pretty', 'json'],
    'auto',
  ),
} as const satisfies Record<string, Setting<unknown>>;

type Table = typeof table;
export type SettingName = keyof Table;
export type Settings = { readonly [K in SettingName]: Table[K] extends Setting<infer T> ? T : never };

export const settingNames = Object.keys(table) as readonly SettingName[];

/** `data-dir` → `OSSITE_DATA_DIR` */
export const environmentName = (name: string): string => `OSSITE_${name.toUpperCase().replaceAll('-', '_')}`;

/** A setting that can not be used: one clear line, and the start stops. */
export class BadSetting extends Error {
  override readonly name = 'BadSetting';
}

/** Texts by setting name, as flags, YAML or a caller give them. */
export type Texts = Readonly<Partial<Record<string, string>>>;

/**
 * Puts the settings together.
 * @param given flags, or what a caller of the library passes
 * @throws BadSetting
 */
export function readSettings(given: Texts, environment: NodeJS.ProcessEnv, file: Texts = {}): Settings {
  const unknown = [...Object.keys(given), ...Object.keys(file)].find((name) => !Object.hasOwn(table, name));
  if (unknown !== undefined) throw new BadSetting(`unknown setting ${unknown}; known are ${settingNames.join(', ')}`);
  const settings = Object.fromEntries(
    settingNames.map((name) => {
      const fromEnvironment = environment[environmentName(name)];
      const [value, where] =
        given[name] !== undefined
          ? [given[name], `--${name}`]
          : fromEnvironment !== undefined
            ? [fromEnvironment, environmentName(name)]
            : file[name] !== undefined
              ? [file[name], `${name} in the settings file`]
              : [table[name].default, 'default'];
      try {
        return [name, table[name].parse(value)];
      } catch (error) {
        throw new BadSetting(`${where} must be ${(error as Error).message}, not "${value}"`);
      }
    }),
  ) as Settings;
  const { OSS_ACCESS_KEY_ID: id, OSS_ACCESS_KEY_SECRET: secret } = environment;
  return id && secret ? { ...settings, 'access-keys': [...settings['access-keys'], { id, secret }] } : settings;
}

/**
 * Reads `ossite.yaml`: one mapping of setting names to values.
 * @param path the file; when absent, `./ossite.yaml` if it is there
 * @throws BadSetting
 */
export async function readSettingsFile(path: string | undefined): Promise<Texts> {
  const file = path ?? (existsSync('./ossite.yaml') ? './ossite.yaml' : undefined);
  if (file === undefined) return {};
  const { parse } = await import('yaml');
  let content: unknown;
  try {
    content = parse(readFileSync(file, 'utf8'), { intAsBigInt: false }) ?? {};
  } catch (error) {
    throw new BadSetting(`${file} can not be read: ${(error as Error).message}`);
  }
  if (typeof content !== 'object' || content === null || Array.isArray(content))
    throw new BadSetting(`${file} must be a mapping of settings`);
  return Object.fromEntries(
    Object.entries(content).map(([name, value]) => [name, Array.isArray(value) ? value.join(',') : String(value)]),
  );
}
