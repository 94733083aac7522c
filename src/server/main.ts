#!/usr/bin/env node
/** The command line; its commands are the files of `commands/`. */
import { runCommandLine } from './command-line/run.ts';

// Whoever reads the output may stop reading: `ossite status | head`. That is no reason to end a server.
process.stdout.on('error', (error: NodeJS.ErrnoException) => {
  if (error.code !== 'EPIPE') throw error;
});

const code = await runCommandLine(process.argv.slice(2));
// A server that is up goes on; what failed must not wait for whatever it left open.
if (code !== 0) process.exit(code);
