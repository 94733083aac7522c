/** The console: the page under `/_ossite/` and its files, as the build left them. It has no rights of its own. */
import { createHash } from 'node:crypto';
import { existsSync, readdirSync, statSync } from 'node:fs';
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { brotliCompress, constants, gzip } from 'node:zlib';
import mime from 'mime-types';
import { checkConditions } from '../conditions.ts';
import type { Reply } from '../reply.ts';
import { quoted } from '../wire.ts';

/** Who asks for the page. */
export interface Visitor {
  /** As it may stand in a policy: checked, with its port. */
  readonly host: string;
  header(name: string): string | undefined;
  /** Whether a coding of the content is taken. */
  takes(coding: Coding): boolean;
}

export interface Console {
  /** @param path below `/_ossite/` @returns `undefined` for what is none of the console's */
  answer(path: string, visitor: Visitor): Promise<Reply | undefined>;
}

type Coding = 'br' | 'gzip';

/** A page's bytes as they are sent. */
interface Packed {
  readonly bytes: Buffer;
  /** Unquoted. */
  readonly etag: string;
}

interface File {
  readonly path: string;
  readonly type: string;
  readonly modified: Date;
  /** Its name has a hash of its content: it never changes. */
  readonly hashed: boolean;
  /** What was asked for, kept: the whole console is small. */
  readonly packed: Map<Coding | 'identity', Promise<Packed>>;
}

/** Where `npm run build` puts it, seen from the sources as from what is built of them. */
export const builtConsole = new URL('../../../dist/console/', import.meta.url);

/** Where its files are, below `/_ossite/`. */
const FILES = 'console/';
const PAGE = 'index.html';

const NOT_BUILT = 'The console has not been built. Run `npm run build`, then load this page again.\n';

/** @param dir what was built; read when the first file is asked for */
export function openConsole(dir: URL = builtConsole): Console {
  let files: ReadonlyMap<string, File> | undefined;
  return {
    async answer(path, visitor) {
      if (path !== '' && !path.startsWith(FILES)) return undefined;
      // One that is built while the server runs is found.
      files ??= existsSync(new URL(PAGE, dir)) ? filesIn(fileURLToPath(dir)) : undefined;
      if (files === undefined) return path === '' ? notBuilt : undefined;
      const name = path === '' ? PAGE : path.slice(FILES.length);
      // The page has one address: there alone it has its policy.
      const file = path !== '' && name === PAGE ? undefined : files.get(name);
      if (file === undefined) return undefined;
      try {
        return await reply(file, visitor, path === '' ? pageHeaders(visitor.host) : {});
      } catch (error) {
        if ((error as NodeJS.ErrnoException).code !== 'ENOENT') throw error;
        // It has been built anew: the next request sees what there is.
        files = undefined;
        return undefined;
      }
    },
  };
}

const notBuilt: Reply = {
  status: 404,
  headers: { 'Content-Type': 'text/plain; charset=utf-8', 'Cache-Control': 'no-store' },
  body: { bytes: Buffer.from(NOT_BUILT) },
};

/** By their paths, which are all that can be asked for: no path leads out of the directory. */
function filesIn(dir: string): ReadonlyMap<string, File> {
  const found = readdirSync(dir, { recursive: true, withFileTypes: true }).filter((entry) => entry.isFile());
  return new Map(
    found.map((entry) => {
      const path = join(entry.parentPath ?? entry.path, entry.name);
      const name = path.slice(dir.length).replaceAll('\\', '/');
      const type = mime.contentType(entry.name) || 'application/octet-stream';
      return [name, { path, type, modified: statSync(path).mtime, hashed: /^assets\//.test(name), packed: new Map() }];
    }),
  );
}

async function reply(file: File, visitor: Visitor, more: NonNullable<Reply['headers']>): Promise<Reply> {
  const coding = (['br', 'gzip'] as const).find((one) => isText(file.type) && visitor.takes(one)) ?? 'identity';
  const { bytes, etag } = await packed(file, coding);
  const headers = {
    ...more,
    'Cache-Control': file.hashed ? 'public, max-age=31536000, immutable' : 'no-cache',
    ETag: quoted(etag),
    Vary: 'Accept-Encoding',
  };
  const condition = (name: string) =>
    name === 'if-none-match' ? visitor.header(name)?.replaceAll('W/', '') : undefined;
  if (checkConditions(condition, { etag, modified: file.modified }) === 'unchanged') return { status: 304, headers };
  const encoded = coding === 'identity' ? {} : { 'Content-Encoding': coding };
  return { status: 200, headers: { ...headers, 'Content-Type': file.type, ...encoded }, body: { bytes } };
}

const isText = (type: string): boolean => /^text\/|javascript|json|xml|wasm/.test(type);

function packed(file: File, coding: Coding | 'identity'): Promise<Packed> {
  const made = file.packed.get(coding) ?? pack(file, coding);
  file.packed.set(coding, made);
  // What could not be read now may be later.
  made.catch(() => file.packed.delete(coding));
  return made;
}

async function pack({ path }: File, coding: Coding | 'identity'): Promise<Packed> {
  const plain = await readFile(path);
  const bytes = coding === 'identity' ? plain : await packers[coding](plain);
  const hash = createHash('sha256').update(plain).digest('base64url').slice(0, 22);
  return { bytes, etag: coding === 'identity' ? hash : `${hash}-${coding}` };
}

const packers: Readonly<Record<Coding, (bytes: Buffer) => Promise<Buffer>>> = {
  // Level 11 takes a second for a script: the first page would wait for it.
  br: (bytes) => promisify(brotliCompress)(bytes, { params: { [constants.BROTLI_PARAM_QUALITY]: 6 } }),
  gzip: promisify(gzip),
};

/**
 * What the page may load: scripts, styles and fonts from the console's own folder alone. `'self'` would let in what anybody
 * has uploaded, which in path style has the same origin.
 */
function pageHeaders(host: string): Readonly<Record<string, string>> {
  // A policy can not name an IPv6 address, nor a host that was not told.
  const own = /^[a-z0-9.-]+(:\d+)?$/.test(host) ? `${host}/_ossite/${FILES}` : "'self'";
  const policy = [
    "default-src 'none'",
    ...['script-src', 'style-src', 'font-src'].map((name) => `${name} ${own}`),
    "connect-src 'self'",
    "img-src 'self' data: blob:",
    "media-src 'self' blob:",
    "frame-src 'self' blob:",
    ...['object-src', 'base-uri', 'form-action', 'frame-ancestors'].map((name) => `${name} 'none'`),
  ];
  return {
    'Content-Security-Policy': policy.join('; '),
    'Referrer-Policy': 'no-referrer',
    'Cross-Origin-Opener-Policy': 'same-origin',
  };
}
