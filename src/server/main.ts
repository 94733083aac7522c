#!/usr/bin/env node
/** The command line. */
import { Command, Option } from 'commander';
import { StoreUnavailable } from '../store/db.ts';
import {
  BadSetting,
  environmentName,
  readSettings,
  readSettingsFile,
  settingNames,
  type Texts,
  table,
} from './config.ts';
import { DEMO_BUCKET } from './seed.ts';
import { type Instance, start } from './start.ts';
import { version } from './version.ts';

const program = new Command('ossite')
  .description('A local emulator of Alibaba Cloud OSS with real media processing.')
  .version(version)
  .showSuggestionAfterError()
  .addHelpText('after', '\nEvery option can be given as environment variable OSSITE_… or in ossite.yaml; flags win.');

const startCommand = program
  .command('start', { isDefault: true })
  .description('Starts the server.')
  .option('--config <file>', 'Settings file; ./ossite.yaml when it is there.')
  .action(run);

for (const name of settingNames) {
  const setting = table[name];
  const form = 'form' in setting ? ` <${setting.form}>` : ' [true|false]';
  const help = `${setting.doc} (${environmentName(name)}, default ${setting.default === '' ? 'none' : setting.default})`;
  startCommand.addOption(new Option(`--${name}${form}`, help));
}

async function run(options: Record<string, string | boolean>): Promise<void> {
  const began = performance.now() - process.uptime() * 1000;
  const { config, ...flags } = options;
  const texts: Texts = Object.fromEntries(
    Object.entries(flags).map(([name, value]) => [name.replace(/[A-Z]/g, (c) => `-${c.toLowerCase()}`), String(value)]),
  );
  const file = await readSettingsFile((config as string | undefined) ?? process.env.OSSITE_CONFIG);
  const settings = readSettings(texts, process.env, file);
  const instance = await start(settings);
  process.stdout.write(`ossite ready on ${instance.endpoint} in ${Math.round(performance.now() - began)} ms\n`);
  stopOnSignals(instance);
  await instance.ready;
  if (settings.demo) process.stdout.write(`${hint(instance.endpoint)}\n`);
}

/** One line to copy that ends in a processed picture. */
const hint = (endpoint: string) =>
  `try: curl -o small.jpg '${endpoint}/${DEMO_BUCKET}/photo.jpg?x-oss-process=image/resize,w_300/rotate,90'`;

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

// With a default command, commander takes a mistyped one for an argument of it.
const [word = ''] = process.argv.slice(2);
const commands = [...program.commands.map((command) => command.name()), 'help'];
if (word !== '' && !word.startsWith('-') && !commands.includes(word)) {
  process.stderr.write(`ossite: unknown command ${word}; known are ${commands.join(', ')}\n`);
  process.exit(1);
}

program.parseAsync().catch((error: unknown) => {
  process.stderr.write(`ossite: ${whyNot(error)}\n`);
  process.exit(1);
});

/** What the user can mend is one line; a stack is for what we must. */
function whyNot(error: unknown): string {
  const { code, message, stack } = error as NodeJS.ErrnoException;
  if (code === 'EADDRINUSE') return `${message}: the port is taken; choose another with --port (0 takes any free one)`;
  const theirs = error instanceof BadSetting || error instanceof StoreUnavailable || code !== undefined;
  return theirs ? message : (stack ?? message);
}
