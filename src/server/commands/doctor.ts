import { command, type MakeCommand, print } from '../command-line/command.ts';
import { CommandFailed } from '../command-line/failure.ts';
import type { Finding, Health } from '../command-line/health.ts';
import { paint } from '../command-line/paint.ts';

const makeDoctor: MakeCommand = () =>
  command(
    'doctor',
    'Lists the engines of this machine with their versions, and what is missing for which operation. Needs no server.',
    'ossite doctor',
    'ossite doctor --json',
  )
    .option('--json', 'As JSON, for programs.')
    .action(run);

async function run({ json }: { readonly json?: true }): Promise<void> {
  // All operations are loaded: the other commands do without them.
  const { healthOfMachine } = await import('../command-line/health.ts');
  const health: Health = await healthOfMachine();
  if (json) print(JSON.stringify(health, null, 2));
  else for (const [title, findings] of Object.entries(health)) show(title, findings);
  const missing = Object.values(health).flatMap((findings) => findings.filter(({ state }) => state === 'missing'));
  if (missing.length > 0) throw new CommandFailed(`missing: ${missing.map(({ name }) => name).join(', ')}`);
}

function show(title: string, findings: readonly Finding[]): void {
  const colour = { found: paint.green, substitute: paint.yellow, missing: paint.red };
  print(paint.bold(title));
  for (const { name, state, detail } of findings) print(`  ${colour[state](name.padEnd(20))} ${detail}`);
}

export default makeDoctor;
