/** PUT and GET of 1 MiB and 100 MiB objects against a bare Node file server with MD5, in the same run. */
import { randomBytes } from 'node:crypto';
import { Agent, request } from 'node:http';
import { median, report } from './report.ts';
import { bare, ossite } from './server.ts';

const MIB = 1024 * 1024;
const agent = new Agent({ keepAlive: true });

/** One request over a kept connection; the answer is read and dropped. */
function send(method: 'GET' | 'PUT', url: string, body?: Buffer): Promise<void> {
  return new Promise((resolve, reject) => {
    const req = request(
      url,
      { method, agent, headers: body === undefined ? {} : { 'content-length': body.length } },
      (res) => {
        if (res.statusCode !== 200) reject(new Error(`${method} ${url}: ${res.statusCode}`));
        res.on('end', resolve);
        res.resume();
      },
    );
    req.on('error', reject);
    req.end(body);
  });
}

/** MiB per second of `count` requests in a row. */
async function speed(method: 'GET' | 'PUT', base: string, body: Buffer, count: number): Promise<number> {
  const began = performance.now();
  for (let i = 0; i < count; i += 1) await send(method, `${base}/object-${i % 8}`, method === 'PUT' ? body : undefined);
  return (body.length * count) / MIB / ((performance.now() - began) / 1000);
}

export async function objects(): Promise<void> {
  const [ours, theirs] = [await ossite(), await bare('files')];
  try {
    await fetch(`${ours.endpoint}/bench`, { method: 'PUT' });
    const bases = { ossite: `${ours.endpoint}/bench`, bare: theirs.endpoint };
    for (const [size, count, rounds] of [
      [1, 200, 5],
      [100, 8, 5],
    ] as const) {
      const body = randomBytes(size * MIB);
      for (const method of ['PUT', 'GET'] as const) {
        const rates = { ossite: [] as number[], bare: [] as number[] };
        // GET needs what PUT wrote, and both servers a warm start.
        for (const base of Object.values(bases)) await speed(method, base, body, 8);
        for (let round = 0; round < rounds; round += 1) {
          rates.ossite.push(await speed(method, bases.ossite, body, count));
          rates.bare.push(await speed(method, bases.bare, body, count));
        }
        report(`${method} ${size} MiB, MiB/s`, median(rates.ossite), median(rates.bare), 0.7);
      }
    }
  } finally {
    await Promise.all([ours.stop(), theirs.stop()]);
  }
}
