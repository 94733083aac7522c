import { setTimeout as pause } from 'node:timers/promises';
import { control } from '../command-line/client.ts';
import { command, endpointOption, type MakeCommand, print } from '../command-line/command.ts';
import { CommandFailed } from '../command-line/failure.ts';

/** Milliseconds between two questions. */
const PAUSE_MS = 100;

const makeWait: MakeCommand = () =>
  command('wait', 'Waits until a server is ready: seeded, and its scripts run.', 'ossite wait --timeout 30 && npm test')
    .addOption(endpointOption())
    .option('--timeout <seconds>', 'How long to wait at most.', '30')
    .action(run);

async function run({ endpoint, timeout }: { readonly endpoint: string; readonly timeout: string }): Promise<void> {
  if (!/^\d+(\.\d+)?$/.test(timeout))
    throw new CommandFailed(`--timeout must be a number of seconds, not ${timeout}`, 2);
  const end = Date.now() + Number(timeout) * 1000;
  let last = '';
  while (true) {
    try {
      const { status } = await control(endpoint, 'GET', 'ready', undefined, [503]);
      if (status === 200) return print(`ready: ${endpoint}`);
      last = 'it is not ready yet: it is being seeded';
    } catch (error) {
      if (!(error instanceof CommandFailed) || error.exitCode === 2) throw error;
      last = error.message;
    }
    if (Date.now() + PAUSE_MS > end) throw new CommandFailed(`not ready after ${timeout} s: ${last}`);
    await pause(PAUSE_MS);
  }
}

export default makeWait;
