import { Option } from 'commander';
import { command, type MakeCommand, print } from '../command-line/command.ts';
import {
  environmentName,
  readSettings,
  readSettingsFile,
  settingNames,
  strayVariables,
  type Texts,
  table,
} from '../config.ts';
import type { Instance } from '../start.ts';

const makeStart: MakeCommand = () => {
  const made = command(
    'start',
    'Starts the server; the first line it writes says where it is ready.',
    'ossite start --port 6770 --demo',
    'ossite start --storage memory --buckets photos:public-read --auth strict',
  ).option('--config <file>', 'Settings file; ./ossite.yaml when it is there. (OSSITE_CONFIG)');
  for (const name of settingNames) {
    const setting = table[name];
    const form = 'form' in setting ? ` <${setting.form}>` : ' [true|false]';
    const help = `${setting.doc} (${environmentName(name)}, default ${setting.default === '' ? 'none' : setting.default})`;
    made.addOption(new Option(`--${name}${form}`, help));
  }
  return made.action(run);
};

async function run(options: Record<string, string | boolean>): Promise<void> {
  const began = performance.now() - process.uptime() * 1000;
  const { config, ...flags } = options;
  const texts: Texts = Object.fromEntries(
    Object.entries(flags).map(([name, value]) => [name.replace(/[A-Z]/g, (c) => `-${c.toLowerCase()}`), String(value)]),
  );
  const file = await readSettingsFile((config as string | undefined) ?? process.env.OSSITE_CONFIG);
  const settings = readSettings(texts, process.env, file);
  // The server is heavy: the other commands do without it.
  const [{ connectable, start }, { DEMO_BUCKET }] = await Promise.all([import('../start.ts'), import('../seed.ts')]);
  const instance = await start(settings);
  stopOnSignals(instance);
  for (const name of strayVariables(process.env)) instance.services.log.warn(`${name} is set, which is no setting`);
  await instance.ready.catch(async (error: unknown) => {
    await instance.close();
    throw error;
  });
  const endpoint = connectable(instance.endpoint);
  const ready = `ossite ready on ${endpoint} in ${Math.round(performance.now() - began)} ms`;
  // At once: whoever reads one line may close the pipe.
  print(settings.demo ? `${ready}\n${hint(`${endpoint}/${DEMO_BUCKET}`)}` : ready);
}

/** One line to copy that ends in a processed picture. */
const hint = (bucket: string) =>
  `try: curl -o small.jpg '${bucket}/photo.jpg?x-oss-process=image/resize,w_300/rotate,90'`;

function stopOnSignals(instance: Instance): void {
  const stop = () => {
    instance.close().then(
      () => process.exit(0),
      (error) => {
        process.stderr.write(`${(error as Error).stack}\n`);
        process.exit(1);
      },
    );
  };
  process.once('SIGTERM', stop);
  process.once('SIGINT', stop);
}

export default makeStart;
