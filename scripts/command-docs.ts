/** Help of the commands and set-up of SDKs, as pages show them. */
import { createProgram } from '../src/server/command-line/program.ts';
import { sdks } from '../src/server/sdks/index.ts';
import type { Connection } from '../src/server/sdks/sdk.ts';

const WIDTH = 110;

/** Every command with its help; the options of `start` are the settings, which have a page of their own. */
export async function commandsPage(): Promise<string> {
  const program = await createProgram();
  return program.commands
    .map((command) => {
      let help = '';
      const writeOut = (part: string) => {
        help += part;
      };
      command.configureOutput({ writeOut, getOutHelpWidth: () => WIDTH });
      const isStart = command.name() === 'start';
      if (isStart) command.configureHelp({ visibleOptions: () => [] });
      command.outputHelp();
      const rest = isStart ? '\n\nIts options are the [settings](settings.md).' : '';
      return `## ossite ${command.name()}\n\n\`\`\`text\n${help.trim()}\n\`\`\`${rest}`;
    })
    .join('\n\n');
}

/** What a server has that was started without settings. */
const usual: Connection = {
  endpoint: 'http://127.0.0.1:6770',
  id: 'ossite',
  secret: 'ossite-secret',
  region: 'cn-hangzhou',
};

/** Every SDK: on this machine, and where the server has a name. */
export const sdksPage = (): string =>
  sdks
    .map(({ name, title, install, syntax, client }) => {
      const block = (to: Connection) => `\`\`\`${syntax}\n${client(to)}\n\`\`\``;
      const byName = { ...usual, endpoint: 'http://ossite:6770' };
      const parts = [
        `## ${install === '' ? title : name}`,
        ...(install === '' ? [] : [`\`${install}\``]),
        block(usual),
      ];
      return [...parts, 'Where the server has a name, as in a network of containers:', block(byName)].join('\n\n');
    })
    .join('\n\n');
