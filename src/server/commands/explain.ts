import { Option } from 'commander';
import { control } from '../command-line/client.ts';
import { command, endpointOption, type MakeCommand, print } from '../command-line/command.ts';
import { CommandFailed } from '../command-line/failure.ts';

const makeExplain: MakeCommand = () =>
  command(
    'explain',
    'Shows how a running server reads a process string, stage by stage, or why it would refuse. Runs nothing.',
    "ossite explain 'image/resize,w_100/rotate,90'",
    "ossite explain 'image/resize,w_100' --bucket demo --key photo.jpg",
  )
    .argument('<process>', 'The process string.')
    .option('--bucket <name>', 'Bucket of the source: its styles are known then.')
    .option('--key <key>', 'Key of the source: the size of the picture after each stage is told then.')
    .addOption(
      new Option('--mode <mode>', 'How the request would be sent.').choices(['get', 'post', 'async']).default('get'),
    )
    .addOption(endpointOption())
    .action(run);

async function run(
  process: string,
  {
    endpoint,
    ...where
  }: { readonly endpoint: string; readonly mode: string; readonly bucket?: string; readonly key?: string },
): Promise<void> {
  const { json } = await control(endpoint, 'POST', 'explain', { process, ...where });
  const { error } = json as { readonly error?: Readonly<Record<string, string>> };
  if (error !== undefined) {
    const told = [`${error.code}: ${error.message}`, error.Detail ?? error.ec];
    throw new CommandFailed(told.filter((part) => part).join(' · '));
  }
  print(JSON.stringify(json, null, 2));
}

export default makeExplain;
