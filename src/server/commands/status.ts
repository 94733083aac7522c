import { control } from '../command-line/client.ts';
import { command, endpointOption, type MakeCommand, print } from '../command-line/command.ts';
import { paint } from '../command-line/paint.ts';

interface Info {
  readonly version: string;
  readonly uptime: number;
  readonly region: string;
  readonly dataDir: string;
  readonly engines: Readonly<Record<string, { readonly version?: string; readonly neededFor: string }>>;
  readonly settings: Readonly<Record<string, unknown>>;
}

interface Tasks {
  readonly tasks: readonly { readonly Status: string }[];
}

const makeStatus: MakeCommand = () =>
  command(
    'status',
    'Tells what runs: version, readiness, settings, engines, tasks.',
    'ossite status',
    'ossite status --json',
  )
    .addOption(endpointOption())
    .option('--json', 'As JSON, for programs.')
    .action(run);

async function run({ endpoint, json }: { readonly endpoint: string; readonly json?: true }): Promise<void> {
  const ready = (await control(endpoint, 'GET', 'ready', undefined, [503])).status === 200;
  const info = (await control(endpoint, 'GET', 'info')).json as Info;
  const pending = await Promise.all(['Queued', 'Running'].map((state) => count(endpoint, state)));
  const [queued = 0, running = 0] = pending;
  if (json) return print(JSON.stringify({ endpoint, ready, tasks: { queued, running }, ...info }, null, 2));
  const { version, uptime, region, dataDir, settings, engines } = info;
  print(
    `ossite ${version} at ${endpoint}, ${ready ? paint.green('ready') : paint.yellow('not ready yet')}, up ${uptime} s`,
  );
  print(`region ${region}, auth ${settings.auth}, storage ${settings.storage}, data in ${dataDir}`);
  print(`tasks: ${running} running, ${queued} queued, ${settings.workers} at once`);
  for (const [name, engine] of Object.entries(engines)) {
    print(`${name.padEnd(14)}${engine.version ?? paint.red(`missing: needed for ${engine.neededFor}`)}`);
  }
}

const count = async (endpoint: string, state: string) =>
  ((await control(endpoint, 'GET', `tasks?state=${state}&limit=1000`)).json as Tasks).tasks.length;

export default makeStatus;
