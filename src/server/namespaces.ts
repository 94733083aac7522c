/**
 * Namespaces: parallel test workers that share a server without seeing each other, told apart by their access key ids
 * (setting `namespaces`). Each lies in a directory of its own and is opened when it is first asked for.
 */
import { readdir } from 'node:fs/promises';
import { join } from 'node:path';
import type { Clock } from '../store/clock.ts';
import { fail } from '../store/errors.ts';
import type { Services } from './action.ts';
import type { Settings } from './config.ts';
import { createNamespace, type Ground, type Namespace, openGround, type Shared } from './namespace.ts';
import { matchesWildcard } from './wildcard.ts';
import { bytesOf, textOf } from './wire.ts';

export interface Namespaces {
  /** The one of all who have none of their own. */
  readonly usual: Services;
  /** The one of an access key, opened if need be; without one of its own, the usual one. @throws BadRequest */
  of(accessKeyId: string): Promise<Services>;
  /** One that is open. */
  opened(accessKeyId: string): Services | undefined;
  /** Whether such an id has a namespace of its own, or can have. */
  has(accessKeyId: string): boolean;
  list(): readonly Services[];
  /** Seeds the usual one and opens those that an earlier run left. */
  begin(): Promise<void>;
  stop(): Promise<void>;
  release(): Promise<void>;
}

/** Open at once. Each is a database of its own. */
const MOST = 100;

/** Bytes of an id; its directory's name has twice as many characters. */
const LONGEST = 100;

/** @param ground of the usual one @param base the machine’s clock */
export function createNamespaces(ground: Ground, shared: Shared, base: Clock): Namespaces {
  const { settings } = shared;
  const home = createNamespace('', ground, shared);
  const usual = home.services;
  const dir = join(ground.store.dir, 'namespaces');
  const opening = new Map<string, Promise<Namespace>>();
  const open = new Map<string, Namespace>();
  const all = () => [home, ...open.values()];

  const has = (id: string) => id !== '' && isOwn(id, settings);

  async function openOne(id: string): Promise<Namespace> {
    const own = await openGround(join(dir, folderOf(id)), settings, base);
    const made = createNamespace(id, own, shared);
    try {
      await made.begin();
    } catch (error) {
      await made.stop();
      await made.release();
      throw error;
    }
    open.set(id, made);
    return made;
  }

  async function of(id: string): Promise<Services> {
    if (!has(id)) return usual;
    const there = open.get(id);
    if (there !== undefined) return there.services;
    if (!opening.has(id) && open.size + opening.size >= MOST)
      fail('BadRequest', { message: `There are ${MOST} namespaces already.` });
    const made = opening.get(id) ?? openOne(id).finally(() => opening.delete(id));
    opening.set(id, made);
    return (await made).services;
  }

  return {
    usual,
    of,
    opened: (id) => open.get(id)?.services,
    has,
    list: () => all().map(({ services }) => services),
    async begin() {
      await home.begin();
      if (settings.namespaces === '') return;
      const left = await readdir(dir).catch(() => []);
      for (const name of left.slice(0, MOST)) await of(textOf(Buffer.from(name, 'hex').toString('latin1')));
    },
    async stop() {
      await Promise.allSettled(opening.values());
      await Promise.all(all().map((one) => one.stop()));
    },
    async release() {
      await Promise.allSettled(opening.values());
      for (const one of all().reverse()) {
        // One may have been opened while the others were stopped.
        await one.stop();
        await one.release();
      }
    },
  };
}

/** In strict mode a namespace is not opened for a key that nobody knows. */
function isOwn(id: string, settings: Settings): boolean {
  if (settings.namespaces === '' || !matchesWildcard(id, settings.namespaces)) return false;
  if (bytesOf(id).length > LONGEST) return false;
  return (
    settings.auth !== 'strict' || [...settings['access-keys'], ...settings['sts-tokens']].some((key) => key.id === id)
  );
}

/** Hexadecimal: no id can lead out of the directory, and some file systems take `A` for `a`. */
const folderOf = (id: string): string => bytesOf(id).toString('hex');
