import { control } from '../command-line/client.ts';
import { command, endpointOption, type MakeCommand, print } from '../command-line/command.ts';

const makeReset: MakeCommand = () =>
  command(
    'reset',
    'Puts a running server back to the state just after its start, or only the buckets that are named.',
    'ossite reset',
    'ossite reset photos videos',
    'ossite reset --keep-seed',
  )
    .argument('[buckets...]', 'Buckets to reset; when none is named all, and tasks, journal, faults and clock.')
    .option('--keep-seed', 'What the server was seeded with and nobody changed stays where it is, which is quicker.')
    .addOption(endpointOption())
    .action(run);

async function run(
  buckets: readonly string[],
  { endpoint, keepSeed }: { readonly endpoint: string; readonly keepSeed?: true },
): Promise<void> {
  const asked = { ...(buckets.length === 0 ? {} : { buckets }), ...(keepSeed ? { keep: 'seed' } : {}) };
  await control(endpoint, 'POST', 'reset', asked);
  print(`reset: ${buckets.length === 0 ? endpoint : buckets.join(', ')}`);
}

export default makeReset;
