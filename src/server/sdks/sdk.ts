/** What the table of SDKs has of each: the code that makes a client, and that of the calls people need most. */
import { isIP } from 'node:net';
import { base64Bytes, utf8Text } from '../../store/names.ts';
import type { UrlRequest } from '../auth/presign.ts';

/** What a client has to be told. */
export interface Connection {
  /** `http://127.0.0.1:6770` */
  readonly endpoint: string;
  readonly id: string;
  readonly secret: string;
  /** `cn-hangzhou` */
  readonly region: string;
}

/**
 * `get` downloads, processed where there is a process string; `save` and `async` post one; `put` uploads, `list` lists what
 * begins with the key, `presign` makes a URL for `get`.
 */
export const callNames = ['get', 'save', 'async', 'put', 'list', 'presign', 'head', 'delete'] as const;
export type CallName = (typeof callNames)[number];

/** One call, as code is written for it. */
export interface Call {
  readonly name: CallName;
  readonly bucket: string;
  /** Of `list` the prefix. */
  readonly key: string;
  /** Empty for none. */
  readonly process: string;
  /** The local file that is read or written. */
  readonly file: string;
  /** Makes a signed URL, where a request without a signature would be refused or mean another namespace. */
  readonly sign?: (asked: UrlRequest) => string;
}

export interface Sdk {
  /** A value of `--lang`. */
  readonly language: string;
  /** Name of the package. */
  readonly name: string;
  /** For people. */
  readonly title: string;
  readonly install: string;
  /** For code blocks. */
  readonly syntax: string;
  readonly comment: '#' | '//';
  /** What makes a client, with its imports. @param bucket where the client is one of a bucket */
  client(to: Connection, bucket?: string): string;
  /** All of a program that makes a call. */
  call(to: Connection, call: Call): string;
}

/** The bucket of examples: `ossite start --demo` fills it. */
export const DEMO = 'demo';

/** Seconds that a URL lasts. */
export const LIFETIME_S = 3600;

/** By IP address most SDKs put the bucket into the path by themselves; by any other name they put it into the host. */
export const isByName = (endpoint: string): boolean => isIP(new URL(endpoint).hostname.replace(/^\[|\]$/g, '')) === 0;

/** An option that is needed where the server has a name. */
export const byName = (endpoint: string, option: string): string => (isByName(endpoint) ? option : '');

/** A process string that saves under a name it spells out: what SDKs with a call of their own for that are given. */
export interface Saving {
  readonly process: string;
  readonly bucket: string | undefined;
  readonly key: string;
}

/** @returns `undefined` where `sys/saveas` has more, or less, than one name and one bucket */
export function savingOf(process: string): Saving | undefined {
  const [, before, args = ''] = /^(.+)\|sys\/saveas,([^|]*)$/s.exec(process) ?? [];
  if (before === undefined) return undefined;
  const pairs = args.split(',').map((arg): [string, string] => [arg.slice(0, 2), textOf(arg.slice(2)) ?? '']);
  const found = new Map(pairs);
  const key = found.get('o_');
  const isPlain = found.size === pairs.length && !pairs.some(([name, text]) => !/^[ob]_$/.test(name) || text === '');
  return key !== undefined && isPlain ? { process: before, bucket: found.get('b_'), key } : undefined;
}

const textOf = (base64: string): string | undefined => {
  const bytes = base64Bytes(base64);
  return bytes && utf8Text(bytes);
};
