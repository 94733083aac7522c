/** A seed directory: `DIR/<bucket>/<key…>`, described by `DIR/ossite.yaml`, with scripts in `DIR/init/ready.d`. */
import { existsSync, statSync } from 'node:fs';
import { readdir } from 'node:fs/promises';
import { join } from 'node:path';
import mime from 'mime-types';
import { checkKey, isBucketName } from '../../store/names.ts';
import { BadSetting } from '../config.ts';
import { matchesWildcard } from '../wildcard.ts';
import { type BucketDescription, DESCRIPTION, plainBucket, readDescription } from './description.ts';

export interface SeedObject {
  readonly key: string;
  readonly file: string;
  /** As a PUT would send them, names in lower case. */
  readonly headers: Readonly<Record<string, string>>;
  /** The file, and the rules of the description that gave it headers: for messages. */
  readonly where: string;
}

export interface SeedBucket {
  readonly name: string;
  readonly description: BucketDescription;
  /** In order of key. */
  readonly objects: readonly SeedObject[];
}

/** Reads a seed directory, and no object's bytes. @throws BadSetting */
export async function readSeed(dir: string): Promise<readonly SeedBucket[]> {
  if (!existsSync(dir) || !statSync(dir).isDirectory()) throw new BadSetting(`${dir} is not a directory`);
  const entries = await readdir(dir, { withFileTypes: true });
  // Nobody would notice that it is not read.
  const misnamed = entries.find(({ name }) => /^ossite\.ya?ml$/i.test(name) && name !== DESCRIPTION);
  if (misnamed !== undefined) throw new BadSetting(`${join(dir, misnamed.name)} must be called ${DESCRIPTION}`);
  const described = await readDescription(dir);
  const folders = entries.filter((entry) => entry.isDirectory());
  const filled = folders.map(({ name }) => name).filter((name) => name !== 'init' || !existsSync(scriptsIn(dir)));
  for (const name of filled) {
    if (!isBucketName(name)) throw new BadSetting(`${join(dir, name)}: ${name} can not be the name of a bucket`);
  }
  const names = [...new Set([...filled, ...described.keys()])].sort();
  return Promise.all(
    names.map(async (name) => {
      const description = described.get(name) ?? plainBucket;
      return {
        name,
        description,
        objects: filled.includes(name) ? await readFolder(join(dir, name), description) : [],
      };
    }),
  );
}

/** Where scripts are that run when everything is in place. */
export const scriptsIn = (dir: string): string => join(dir, 'init', 'ready.d');

/** The files of one bucket. @throws BadSetting for names that can not be keys */
export async function readFolder(dir: string, description: BucketDescription): Promise<readonly SeedObject[]> {
  const entries = await readdir(dir, { withFileTypes: true, recursive: true });
  const files = entries
    .filter((entry) => entry.isFile())
    .map((entry) => join(entry.parentPath ?? entry.path, entry.name));
  return files.sort().map((file) => objectOf(file, file.slice(dir.replace(/\/$/, '').length + 1), description));
}

function objectOf(file: string, key: string, { objects }: BucketDescription): SeedObject {
  try {
    checkKey(key);
  } catch (error) {
    throw new BadSetting(`${file} can not be the key of an object: ${(error as Error).message}`);
  }
  const rules = objects.filter(({ match }) => matchesWildcard(key, match, { single: true }));
  const type = { 'content-type': mime.lookup(key) || 'application/octet-stream' };
  return {
    key,
    file,
    headers: Object.assign(type, ...rules.map(({ headers }) => headers)),
    where: [file, ...rules.map(({ where }) => where)].join(', '),
  };
}
