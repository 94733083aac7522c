import { Option } from 'commander';
import { ownKey } from '../auth/own-key.ts';
import { command, endpointOption, type MakeCommand, print } from '../command-line/command.ts';
import { CommandFailed } from '../command-line/failure.ts';
import { readSettings, readSettingsFile } from '../config.ts';
import { languages, sdks } from '../sdks/index.ts';
import type { Connection } from '../sdks/sdk.ts';

const makeEnv: MakeCommand = () =>
  command(
    'env',
    'Prints how SDKs are pointed at the server: variables for a shell, or what makes a client in a language.',
    'eval "$(ossite env)"',
    'ossite env --lang python',
  )
    .addOption(new Option('--lang <language>', 'Of which SDKs.').choices(languages).default('shell'))
    .addOption(endpointOption())
    .action(run);

async function run({ endpoint, lang }: { readonly endpoint: string; readonly lang: string }): Promise<void> {
  if (!URL.canParse(endpoint)) throw new CommandFailed(`--endpoint must be a URL, not ${endpoint}`, 2);
  const settings = readSettings({}, process.env, await readSettingsFile(process.env.OSSITE_CONFIG));
  const key = ownKey(settings);
  if (key === undefined) throw new CommandFailed('there is no access key: set OSSITE_ACCESS_KEYS', 2);
  const to: Connection = { endpoint, ...key, region: settings.region };
  const found = sdks.filter(({ language }) => language === lang);
  const blocks = found.map(({ name, install, comment, client }) =>
    install === '' ? client(to) : `${comment} ${name}: ${install}\n${client(to)}`,
  );
  print(blocks.join('\n\n'));
}

export default makeEnv;
