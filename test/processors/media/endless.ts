/** An ffmpeg that never ends by itself; run as a program, the server that started it. */
import { fileURLToPath } from 'node:url';
import { type Children, createChildren } from '../../../src/processors/children.ts';
import { type Command, ffmpeg } from '../../../src/processors/media/ffmpeg.ts';
import type { RunContext } from '../../../src/processors/operation.ts';

/** @param mark by which the process is found */
export function endless(mark: string, children: Children, signal: AbortSignal): [Command, RunContext] {
  const file = fileURLToPath(new URL('../../../fixtures/media/clip.mp4', import.meta.url));
  const options = ['-metadata', `comment=${mark}`, '-f', 'null'];
  const command = {
    inputs: [{ file, options: ['-stream_loop', '-1'] }],
    options,
    output: '/dev/null',
    seconds: undefined,
  };
  const context = { signal, engines: { children, settings: { maxOutput: 2 ** 30 } }, progress() {} };
  // The door asks no more of its surroundings.
  return [command, context as unknown as RunContext];
}

if (process.argv[1] === fileURLToPath(import.meta.url)) {
  await ffmpeg(...endless(process.argv[2] ?? '', createChildren(), new AbortController().signal));
}
