/** Scripts of a seed directory, run one after the other when its buckets are filled and before the server is ready. */
import { existsSync } from 'node:fs';
import { readdir } from 'node:fs/promises';
import { extname, join, resolve } from 'node:path';
import type { Children } from '../../processors/children.ts';
import { BadSetting, type Settings } from '../config.ts';
import { scriptsIn } from './directory.ts';

/** What runs a script, by its extension. */
const interpreters: Readonly<Record<string, string>> = {
  '.sh': 'sh',
  '.js': process.execPath,
  '.mjs': process.execPath,
};

export interface ScriptsJob {
  readonly children: Children;
  readonly endpoint: string;
  readonly settings: Pick<Settings, 'seed-dir' | 'access-keys' | 'region'>;
  readonly signal: AbortSignal;
  /** A script has ended well. */
  onEnd(script: string, output: string): void;
}

/**
 * Runs `DIR/init/ready.d/*` in order of name. Scripts find the server by `OSSITE_ENDPOINT`, and a key and the region in the
 * variables of OSS's SDKs.
 * @throws BadSetting naming the first script that fails, with the last line it wrote; the signal's reason
 */
export async function runScripts({ children, endpoint, settings, signal, onEnd }: ScriptsJob): Promise<void> {
  const dir = resolve(settings['seed-dir']);
  const folder = scriptsIn(dir);
  if (settings['seed-dir'] === '' || !existsSync(folder)) return;
  const [key] = settings['access-keys'];
  const env = {
    ...process.env,
    OSSITE_ENDPOINT: endpoint,
    OSS_ENDPOINT: endpoint,
    OSS_REGION: settings.region,
    ...(key === undefined ? {} : { OSS_ACCESS_KEY_ID: key.id, OSS_ACCESS_KEY_SECRET: key.secret }),
  };
  for (const name of (await readdir(folder)).sort()) {
    const script = join(folder, name);
    const interpreter = interpreters[extname(name)];
    if (interpreter === undefined) {
      throw new BadSetting(`${script} can not be run: scripts end in ${Object.keys(interpreters).join(', ')}`);
    }
    const { code, stdout, stderr } = await children.run(interpreter, [script], { signal, env, cwd: dir });
    if (code !== 0) throw new BadSetting(`${script} ended with code ${code ?? 'none'}: ${lastLine(stderr)}`);
    onEnd(script, stdout.toString('utf8'));
  }
}

const lastLine = (text: string) => text.trim().split('\n').at(-1) || 'it wrote nothing to standard error';
