/** A server of a test file's own, for what would disturb the others: resets, faults, settings. */
import { afterAll } from 'vitest';
import { type Ossite, type OssiteOptions, startOssite } from '../../src/server/index.ts';
import { frontDoor } from './ossite.ts';

export interface OwnServer extends ReturnType<typeof frontDoor> {
  readonly ossite: Ossite;
  /** A call of the control API that must succeed. @returns its JSON */
  control<T>(method: 'get' | 'post' | 'put' | 'delete', path: string, body?: unknown): Promise<T>;
}

/** Starts one that is closed when the file's tests are over. */
export async function ownServer(options: OssiteOptions = {}): Promise<OwnServer> {
  const ossite = await startOssite({ port: 0, storage: 'memory', log: 'silent', ...options });
  afterAll(() => ossite.close());
  const door = frontDoor(ossite.endpoint);
  return {
    ...door,
    ossite,
    async control<T>(method: 'get' | 'post' | 'put' | 'delete', path: string, body?: unknown) {
      const sent = body === undefined ? {} : { body: JSON.stringify(body) };
      const { status, text } = await door.request(method, `/_ossite/${path}`, sent);
      if (status !== 200) throw new Error(`${status} ${text}`);
      return JSON.parse(text) as T;
    },
  };
}
