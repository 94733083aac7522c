/** Time from the start of the process to the ready line, everything installed and built. */
import { median } from './report.ts';
import { ossite } from './server.ts';

export async function startUp(): Promise<void> {
  const times: number[] = [];
  for (let i = 0; i < 9; i += 1) {
    const began = performance.now();
    const server = await ossite();
    times.push(performance.now() - began);
    await server.stop();
  }
  const value = median(times);
  console.log(`start to ready line: ${value.toFixed(0)} ms (target 500) ${value < 500 ? 'ok' : 'ABOVE TARGET'}`);
}
