import { spawn } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterAll, expect, it } from 'vitest';
import { fixture, frontDoor } from '../helpers/ossite.ts';
import { signedV1 } from '../helpers/sign.ts';

const main = fileURLToPath(new URL('../../src/server/main.ts', import.meta.url));
const dir = mkdtempSync(join(tmpdir(), 'ossite-log-'));
afterAll(() => rmSync(dir, { recursive: true }));

/** Runs a server, has it asked a few things, and gives what it wrote to standard error. */
async function logOf(
  format: string,
  ask: (door: ReturnType<typeof frontDoor>) => Promise<unknown>,
  variables: NodeJS.ProcessEnv = {},
): Promise<string> {
  const flags = ['--port', '0', '--data-dir', dir, '--buckets', 'media', '--log', 'info', '--log-format', format];
  const child = spawn(process.execPath, ['--import', 'tsx', main, 'start', ...flags], {
    stdio: 'pipe',
    env: { ...process.env, ...variables },
  });
  let [out, err] = ['', ''];
  child.stderr.setEncoding('utf8').on('data', (text: string) => {
    err += text;
  });
  for await (const text of child.stdout.setEncoding('utf8') as AsyncIterable<string>) {
    out += text;
    const endpoint = /^ossite ready on (\S+) in/.exec(out)?.[1];
    if (endpoint === undefined) continue;
    await ask(frontDoor(endpoint));
    break;
  }
  const ended = new Promise((resolve) => child.once('close', resolve));
  child.kill('SIGTERM');
  await ended;
  return err;
}

async function ask(door: ReturnType<typeof frontDoor>): Promise<void> {
  await door.put('media', 'photo.jpg', fixture('photo.jpg'), signedV1('PUT', '/media/photo.jpg', 'image/jpeg'));
  await door.processed('media', 'photo.jpg', 'image/resize,w_0');
  await door.request('get', '/_ossite/live');
}

it('has one line for each request, and no secret', async () => {
  const text = await logOf('json', ask);
  const lines = text.split('\n').filter(Boolean);
  expect(lines.map((line) => JSON.parse(line) as object)).toMatchObject([
    { method: 'PUT', url: '/media/photo.jpg', action: 'PutObject', status: 200, auth: 'ok', ms: expect.any(Number) },
    {
      ...{ method: 'GET', action: 'GetProcessedObject', status: 400, code: 'InvalidArgument', auth: 'anonymous' },
      process: 'image/resize,w_0',
    },
    { method: 'GET', url: '/_ossite/live', action: 'control', status: 200 },
  ]);
  expect(text).not.toContain('ossite-secret');
});

it('is short for people', async () => {
  const lines = (await logOf('pretty', ask)).split('\n').filter(Boolean);
  expect(lines).toHaveLength(3);
  expect(lines[0]).toMatch(/PUT \/media\/photo\.jpg 200 \d+ ms PutObject ok/);
  expect(lines[1]).toMatch(/GET \S+ 400 \d+ ms GetProcessedObject anonymous InvalidArgument/);
});

it('a variable that is no setting, though it looks like one, is told', async () => {
  const variables = {
    OSSITE_BUKETS: 'a',
    OSSITE_REGION: 'cn-beijing',
    OSSITE_SERVICE_HOST: '10.0.0.1',
    OSSITE_CONFIG: '',
  };
  const text = await logOf('json', async () => {}, variables);
  const told = text.split('\n').filter((line) => line.includes('no setting'));
  expect(told.map((line) => JSON.parse(line) as object)).toMatchObject([
    { level: 40, msg: 'OSSITE_BUKETS is set, which is no setting' },
  ]);
});
