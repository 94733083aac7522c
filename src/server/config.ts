/**
 * The settings: one row each, from which flag (`--data-dir`), environment variable (`OSSITE_DATA_DIR`), key in
 * `ossite.yaml` (`data-dir`), help and docs are derived. Flag beats environment beats file beats default.
 */
import { existsSync, readFileSync } from 'node:fs';
import { availableParallelism } from 'node:os';
import {
  accessKey,
  bucketName,
  bucketWithAcl,
  choice,
  cname,
  emptyOr,
  filled,
  hostName,
  httpUrl,
  list,
  onOff,
  regionName,
  type Setting,
  secret,
  shownAs,
  stsToken,
  text,
  webhooks,
  whole,
} from './setting-kinds.ts';

const cores = String(availableParallelism());

/** The table. */
export const table = {
  port: whole('Port to listen on; 0 takes any free one.', '6770', 0, 65535),
  // An empty one would be every address of the machine.
  host: text('Address to listen on.', '127.0.0.1', 'ADDRESS', filled('an address of this machine')),
  'data-dir': text('Where buckets, objects and tasks are kept.', './.ossite', 'DIR', filled('a directory')),
  storage: choice(
    'disk keeps everything; memory uses a temporary directory that is removed at the end.',
    ['disk', 'memory'],
    'disk',
  ),
  auth: choice(
    'off ignores signatures and the policies of forms; lenient accepts every request, checks its signature and says how it went in x-ossite-auth, and holds forms to their policies; strict answers as OSS does.',
    ['off', 'lenient', 'strict'],
    'lenient',
  ),
  'access-keys': secret(
    list(
      'Known access keys. OSS_ACCESS_KEY_ID and OSS_ACCESS_KEY_SECRET, when set, are known as well.',
      'ossite:ossite-secret',
      'ID:SECRET;…',
      ';',
      accessKey,
    ),
  ),
  cors: choice(
    'Pages whose scripts may use a bucket without CORS rules: all, or none as in OSS (rules); auto is rules with --auth strict, else all. A bucket with rules always goes by them.',
    ['auto', 'rules', 'all'],
    'auto',
  ),
  'sts-tokens': secret(
    list(
      'Temporary keys with their security tokens, and when those expire.',
      '',
      'ID:SECRET:TOKEN[:TIME];…',
      ';',
      stsToken,
    ),
  ),
  region: text('Region that answers name.', 'cn-hangzhou', 'REGION', regionName),
  hosts: list(
    'Names under which the service is reached, beside addresses and localhost; X.NAME is bucket X. Under other names the control API does not answer.',
    'localhost,127.0.0.1',
    'NAME,…',
    ',',
    hostName,
  ),
  cnames: list('Host names that stand for a bucket, as CNAME records do.', '', 'HOST=BUCKET,…', ',', cname),
  'default-bucket': text(
    'Bucket of requests that name none: under a host that is unknown, whose path begins with no bucket’s name.',
    '',
    'NAME',
    emptyOr(bucketName),
  ),
  buckets: list('Buckets to create at start.', '', 'NAME[:ACL],…', ',', bucketWithAcl),
  'seed-dir': shownAs(
    '/seed if it is there',
    text('Directory to fill buckets from at start: DIR/<bucket>/<key>.', existsSync('/seed') ? '/seed' : '', 'DIR'),
  ),
  demo: onOff('Fill a bucket named demo with a photograph, an animation, a clip, a song and documents.'),
  workers: shownAs('number of cores', whole('Asynchronous tasks at once.', cores, 1, 64)),
  'task-timeout': whole('Seconds one task may run.', '600', 1, 86_400),
  // Two more than cores: a picture's work pauses between its threads, and 2 at once leave a sixth of 2 cores idle.
  'max-image-slots': shownAs(
    'cores + 2',
    whole('Synchronous runs at once, of each kind of media; more wait.', String(availableParallelism() + 2), 1, 64),
  ),
  'result-cache': whole('Mebibytes of what GET made kept for the next GET; 0 keeps none.', '256', 0, 1_048_576),
  'restore-delay': whole('Seconds that restoring an archived object takes.', '1', 0, 86_400),
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
  notify: webhooks,
  callbacks: choice(
    'on posts x-oss-callback to whatever address a request names, as OSS does, private ones too; off refuses such requests.',
    ['on', 'off'],
    'on',
  ),
  'callback-key-url': text(
    'Where callbacks say that their public key is; empty: this server’s own /_ossite/callback_pub_key_v1.pem.',
    '',
    'URL',
    emptyOr(httpUrl),
  ),
  console: onOff(
    'The console, a page to look at what is here and what goes on: under /_ossite/, where a browser that opens / is led to.',
    'true',
  ),
  journal: whole('Requests that the journal keeps: GET /_ossite/requests.', '1000', 0, 100_000),
  namespaces: text(
    'Access key ids that get buckets, tasks and a journal of their own, as parallel test workers need; * stands for any text, empty for none.',
    '',
    'PATTERN',
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

/** Variables of a start that are no settings. */
const OTHER_VARIABLES = ['OSSITE_CONFIG', 'OSSITE_ENDPOINT'];

/** What Kubernetes sets for a service of that name. */
const SERVICE_LINK = /^OSSITE_(SERVICE_|PORT_)/;

/** Variables that look like settings and are none: a typing error would go unnoticed. */
export const strayVariables = (environment: NodeJS.ProcessEnv): readonly string[] => {
  const known = [...settingNames.map(environmentName), ...OTHER_VARIABLES];
  return Object.keys(environment).filter(
    (name) => name.startsWith('OSSITE_') && !known.includes(name) && !SERVICE_LINK.test(name),
  );
};

/** A setting that can not be used: one clear line, and the start stops. */
export class BadSetting extends Error {
  override readonly name = 'BadSetting';
}

/** Texts by setting name, as flags, YAML or a caller give them. */
export type Texts = Readonly<Partial<Record<string, string>>>;

/** A value as a library or a YAML file gives it, as the text a flag would have. */
export function textOf(name: string, value: unknown): string {
  const setting: Setting<unknown> | undefined = Object.hasOwn(table, name) ? table[name as SettingName] : undefined;
  return Array.isArray(value) ? value.join(setting?.separator ?? ',') : String(value);
}

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
      const setting: Setting<unknown> = table[name];
      try {
        return [name, setting.parse(value)];
      } catch (error) {
        const told = setting.secret ? '' : `, not ${JSON.stringify(value)}`;
        throw new BadSetting(`${where} must be ${(error as Error).message}${told}`);
      }
    }),
  ) as Settings;
  const { OSS_ACCESS_KEY_ID: id, OSS_ACCESS_KEY_SECRET: ownSecret } = environment;
  return id && ownSecret
    ? { ...settings, 'access-keys': [...settings['access-keys'], { id, secret: ownSecret }] }
    : settings;
}

/**
 * Reads `ossite.yaml`: one mapping of setting names to values.
 * @param path the file; when absent or empty, `./ossite.yaml` if it is there
 * @throws BadSetting
 */
export async function readSettingsFile(path: string | undefined): Promise<Texts> {
  const file = path || (existsSync('./ossite.yaml') ? './ossite.yaml' : undefined);
  if (file === undefined) {
    // Nobody would notice that it is not read.
    if (existsSync('./ossite.yml')) throw new BadSetting('./ossite.yml must be called ossite.yaml');
    return {};
  }
  const { parse } = await import('yaml');
  let content: unknown;
  try {
    content = parse(readFileSync(file, 'utf8'), { intAsBigInt: false }) ?? {};
  } catch (error) {
    // What follows its first line is an excerpt of the file.
    throw new BadSetting(`${file} can not be read: ${(error as Error).message.split('\n', 1)[0]?.replace(/:$/, '')}`);
  }
  if (typeof content !== 'object' || content === null || Array.isArray(content))
    throw new BadSetting(`${file} must be a mapping of settings`);
  // A key without a value is not set.
  const entries = Object.entries(content).filter(([, value]) => value !== null);
  for (const [name, value] of entries) {
    if (Array.isArray(value) && value.some((part) => typeof part === 'object'))
      throw new BadSetting(`${file}: ${name} must be a list of texts`);
    if (typeof value === 'object' && !Array.isArray(value))
      throw new BadSetting(
        `${file}: ${name} can not be a mapping; seeded buckets are described in their seed directory`,
      );
  }
  return Object.fromEntries(entries.map(([name, value]) => [name, textOf(name, value)]));
}
