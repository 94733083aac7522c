/** Other people's servers, for comparison: fetched when a bench first wants them, never part of what is installed. */
import { execFileSync } from 'node:child_process';
import { existsSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { type Bench, spawned } from './server.ts';

const folder = fileURLToPath(new URL('./.peers/', import.meta.url));
const S3RVER = 's3rver@3.7.1';

/** s3rver with a bucket, logging nothing; `undefined`, and says so, where it can not be had. */
export function s3rver(bucket: string): Promise<Bench> | undefined {
  const main = join(folder, 'node_modules/s3rver/bin/s3rver.js');
  if (!existsSync(main) && !installed(S3RVER)) return undefined;
  const dir = mkdtempSync(join(tmpdir(), 's3rver-'));
  const args = [main, '-d', dir, '-p', '0', '--silent', '--configure-bucket', bucket];
  return spawned(args, () => rmSync(dir, { recursive: true, force: true }));
}

/** Its scripts are not run, and it is in nobody's package.json. */
function installed(name: string): boolean {
  try {
    const how = ['--no-save', '--ignore-scripts', '--no-audit', '--no-fund', '--prefix', folder];
    execFileSync('npm', ['install', ...how, name], { stdio: ['ignore', 'ignore', 'pipe'] });
    return true;
  } catch (error) {
    console.log(`${name} can not be installed, so there is nothing to compare with: ${(error as Error).message}`);
    return false;
  }
}
