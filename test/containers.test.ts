/** Dockerfile, compose.yaml and action.yml agree with the server, as far as that can be told without an engine. */
import { execFile } from 'node:child_process';
import { chmodSync, existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { afterAll, describe, expect, it } from 'vitest';
import { parse } from 'yaml';
import { environmentName, readSettings, settingNames, table } from '../src/server/config.ts';
import { version } from '../src/server/version.ts';
import { ossite } from './helpers/command.ts';
import { endpoint } from './helpers/ossite.ts';

const run = promisify(execFile);
const root = fileURLToPath(new URL('../', import.meta.url));
const read = (name: string) => readFileSync(join(root, name), 'utf8');

/** Instructions of the Dockerfile, continued lines joined. */
const instructions = read('Dockerfile')
  .replaceAll(/^#.*\n/gm, '')
  .replaceAll('\\\n', ' ')
  .split('\n')
  .filter((line) => line !== '');

/** What stands behind an instruction, everywhere it is given. */
const all = (word: string) =>
  instructions.filter((line) => line.startsWith(`${word} `)).map((line) => line.slice(word.length + 1).trim());

const stages = all('FROM').map((text) => {
  const [from = '', , name = ''] = text.split(' ');
  return { from, name };
});

const settingVariables: ReadonlySet<string> = new Set(settingNames.map(environmentName));
const unknownSettings = (names: readonly string[]) =>
  names.filter((name) => name.startsWith('OSSITE_') && !settingVariables.has(name));

/** `NAME=VALUE` pairs of ENV. */
const imageEnvironment = Object.fromEntries(
  all('ENV').flatMap((text) => text.split(' ').map((pair) => pair.split('=') as [string, string])),
);

const healthCommand = JSON.parse(all('HEALTHCHECK')[0]?.replace(/^.*? CMD /, '') ?? '') as string[];

describe('Dockerfile', () => {
  it('has its targets, of which the largest is the default', () => {
    const names = stages.map(({ name }) => name);
    expect(names.slice(-3)).toEqual(['core', 'media', 'full']);
    const known = new Set(['scratch', 'node:20-bookworm-slim', ...names]);
    expect(stages.filter(({ from }) => !known.has(from))).toEqual([]);
  });

  it('every target ends as a user without rights', () => {
    const targets = instructions
      .join('\n')
      .split(/^FROM /m)
      .slice(-3);
    expect(targets.map((text) => text.trim().split('\n').at(-1))).toEqual(Array(3).fill('USER node'));
  });

  it('copies what is there, and what .dockerignore lets through', () => {
    const ignored = read('.dockerignore')
      .trim()
      .split('\n')
      .map((line) => new RegExp(`^${line.replaceAll('.', '\\.').replaceAll('*', '[^/]*')}(/|$)`));
    const sources = all('COPY')
      .filter((text) => !text.startsWith('--from'))
      .flatMap((text) => text.split(' ').slice(0, -1));
    expect(sources.length).toBeGreaterThan(5);
    expect(sources.filter((path) => !existsSync(join(root, path)))).toEqual([]);
    expect(sources.filter((path) => ignored.some((rule) => rule.test(path)))).toEqual([]);
  });

  it('has settings that the server takes, and its port', () => {
    expect(unknownSettings(Object.keys(imageEnvironment))).toEqual([]);
    expect(readSettings({}, imageEnvironment)).toMatchObject({ host: '0.0.0.0', 'data-dir': '/data' });
    expect(all('EXPOSE')).toEqual([table.port.default]);
  });

  it('its health check succeeds when the server is ready, and fails when nothing listens', async () => {
    const [program, ...args] = healthCommand;
    expect(program).toBe('ossite');
    expect(await ossite(args, { env: { OSSITE_PORT: new URL(endpoint).port } })).toMatchObject({ code: 0, stderr: '' });
    expect(await ossite(args, { env: { OSSITE_PORT: '1' } })).toMatchObject({ code: 1 });
  });
});

describe('compose.yaml', () => {
  const { services, volumes } = parse(read('compose.yaml')) as {
    services: { ossite: Record<string, unknown> };
    volumes: Record<string, unknown>;
  };
  const service = services.ossite;

  it('builds a target of the Dockerfile under this version’s tag', () => {
    expect(service.image).toBe(`ossite:${version}`);
    const { target } = service.build as { target: string };
    expect(stages.map(({ name }) => name)).toContain(/:-(.+)}$/.exec(target)?.[1]);
  });

  it('has settings that the server takes', () => {
    const environment = service.environment as Record<string, string>;
    expect(unknownSettings(Object.keys(environment))).toEqual([]);
    expect(readSettings({}, environment).hosts).toContain('ossite');
    // Without this its defaults would be gone: a machine's own names.
    expect(readSettings({}, environment).hosts).toEqual(expect.arrayContaining(readSettings({}, {}).hosts as string[]));
  });

  it('mounts what the image has, publishes its port and asks for health as it does', () => {
    const mounts = service.volumes as string[];
    expect(mounts.map((text) => /:(\/\w+)(:ro)?$/.exec(text)?.[1])).toEqual(['/data', '/seed']);
    expect(Object.keys(volumes)).toContain(mounts[0]?.split(':')[0]);
    expect(all('VOLUME')).toEqual(['/data']);
    expect(service.ports).toEqual([`127.0.0.1:6770:${table.port.default}`]);
    expect((service.healthcheck as { test: string[] }).test).toEqual(['CMD', ...healthCommand]);
  });
});

describe('action.yml', () => {
  interface Action {
    readonly inputs: Readonly<Record<string, { readonly default: string }>>;
    readonly outputs: Readonly<Record<string, { readonly value: string }>>;
    readonly runs: {
      readonly steps: readonly { readonly env: Readonly<Record<string, string>>; readonly run: string }[];
    };
  }
  const { inputs, outputs, runs } = parse(read('action.yml')) as Action;
  const [step = { env: {}, run: '' }] = runs.steps;
  const dir = mkdtempSync(join(tmpdir(), 'ossite-action-test-'));
  afterAll(() => rmSync(dir, { recursive: true }));

  it('passes every input on as a variable, none in the text of the script', () => {
    expect(Object.values(step.env)).toEqual(Object.keys(inputs).map((name) => `\${{ inputs.${name} }}`));
    expect(step.run).not.toContain('${{');
    expect([...step.run.matchAll(/\bINPUT_\w+/g)].map(([name]) => name).filter((name) => !(name in step.env))).toEqual(
      [],
    );
    expect(stages.map(({ name }) => name)).toContain(inputs.target?.default);
  });

  /** In place of an engine: writes down how it is called, and runs the container's commands here. */
  const engine = `#!/bin/sh
printf '%s\\n' "$*" >>'${dir}/calls'
[ "$1" != exec ] || { shift 2; [ "$1" = ossite ] && shift; exec '${join(root, 'node_modules/.bin/tsx')}' '${join(root, 'src/server/main.ts')}' "$@"; }
`;

  async function act(given: Readonly<Record<string, string>>, port: string) {
    const defaults = Object.entries(inputs).map(([name, input]) => [`INPUT_${name.toUpperCase()}`, input.default]);
    for (const name of ['calls', 'env', 'output']) writeFileSync(join(dir, name), '');
    mkdirSync(join(dir, 'bin'), { recursive: true });
    writeFileSync(join(dir, 'bin', 'docker'), engine);
    chmodSync(join(dir, 'bin', 'docker'), 0o755);
    await run('bash', ['-c', step.run], {
      cwd: dir,
      env: {
        ...{ ...Object.fromEntries(defaults), ...given, INPUT_PORT: port, OSSITE_PORT: port },
        ...{ PATH: `${join(dir, 'bin')}:${process.env.PATH}`, GITHUB_ACTION_PATH: '/action', RUNNER_TEMP: dir },
        ...{ GITHUB_ENV: join(dir, 'env'), GITHUB_OUTPUT: join(dir, 'output') },
      },
    });
    const lines = (name: string) => readFileSync(join(dir, name), 'utf8').trim().split('\n');
    return { calls: lines('calls'), env: lines('env'), output: lines('output'), settings: lines(`ossite-${port}.env`) };
  }

  it('builds, starts, waits, and tells the steps that follow where the server is', async () => {
    const { port } = new URL(endpoint);
    const settings = 'OSSITE_BUCKETS=photos\nOSSITE_AUTH=strict';
    const done = await act({ INPUT_SEED: '.', INPUT_TARGET: 'core', INPUT_SETTINGS: settings }, port);
    expect(done.calls.slice(0, 2)).toEqual([
      'build --target core --tag ossite:core /action',
      `run --detach --name ossite-${port} --publish 127.0.0.1:${port}:6770 --env-file ${dir}/ossite-${port}.env --volume ${dir}:/seed:ro ossite:core`,
    ]);
    expect(done.settings).toEqual(settings.split('\n'));
    expect(done.env.sort()).toEqual([
      `OSSITE_ENDPOINT=${endpoint}`,
      'OSS_ACCESS_KEY_ID=ossite',
      'OSS_ACCESS_KEY_SECRET=ossite-secret',
      `OSS_ENDPOINT=${endpoint}`,
      'OSS_REGION=cn-hangzhou',
    ]);
    expect(done.output).toEqual([`endpoint=${endpoint}`, `container=ossite-${port}`]);
    expect(Object.keys(outputs)).toEqual(done.output.map((line) => line.split('=')[0]));
  });

  it('shows the log and fails when the server does not start', async () => {
    await expect(act({ INPUT_IMAGE: 'registry.example/ossite', INPUT_TIMEOUT: '0' }, '1')).rejects.toThrow();
    const calls = readFileSync(join(dir, 'calls'), 'utf8').trim().split('\n');
    expect(calls[0]).toMatch(/^run .* registry\.example\/ossite$/);
    expect(calls.at(-1)).toBe('logs ossite-1');
  });
});

describe('docs/ci.md and docs/docker.md', () => {
  const snippets = ['docs/ci.md', 'docs/docker.md'].flatMap((page) =>
    [...read(page).matchAll(/```yaml\n([\s\S]*?)```/g)].map(([, text = '']) => text),
  );

  it('their snippets are YAML, with settings, inputs and outputs that there are', () => {
    const { inputs, outputs } = parse(read('action.yml')) as Record<string, Record<string, unknown>>;
    expect(snippets.length).toBeGreaterThan(2);
    for (const snippet of snippets) {
      const variables = [...snippet.matchAll(/\b(OSSITE_[A-Z_]+)[:=]/g)].map(([, name = '']) => name);
      expect(unknownSettings(variables)).toEqual([]);
      const { jobs = {} } = parse(snippet) as { jobs?: Record<string, { steps: Record<string, unknown>[] }> };
      const steps = Object.values(jobs).flatMap((job) => job.steps);
      const given = steps.filter(({ uses }) => uses === './ossite').flatMap((step) => Object.keys(step.with ?? {}));
      expect(Object.keys(inputs ?? {})).toEqual(expect.arrayContaining(given));
      const used = [...snippet.matchAll(/steps\.oss\.outputs\.(\w+)/g)].map(([, name]) => name);
      expect(Object.keys(outputs ?? {})).toEqual(expect.arrayContaining(used));
    }
  });
});
