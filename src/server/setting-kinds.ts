/** What values of settings look like, and how they are read. */
import { isIP } from 'node:net';
import { type BucketAcl, bucketAcls } from '../store/bucket-acl.ts';
import { isBucketName } from '../store/names.ts';

/** One row of the table of settings. */
export interface Setting<T> {
  readonly doc: string;
  /** The default as a user would write it. */
  readonly default: string;
  /** What the help says a value looks like; absent for settings that are on or off. */
  readonly form?: string;
  /** What separates the parts of a list. */
  readonly separator?: ',' | ';';
  /** @throws Error saying what was expected */
  parse(text: string): T;
  /** What is wrong with it is told without the value. */
  readonly secret?: true;
  /** How the documentation puts a default that is another on every machine. */
  readonly shown?: string;
}

export interface AccessKey {
  readonly id: string;
  readonly secret: string;
}

/** Temporary credentials, as STS gives them out. */
export interface StsToken extends AccessKey {
  readonly token: string;
  /** Absent: never. */
  readonly expires: Date | undefined;
}

/** A host name that stands for a bucket. */
export interface Cname {
  readonly host: string;
  readonly bucket: string;
}

/** A text. @param form what the help says it looks like @param read looks at it; absent: any will do */
export const text = (
  doc: string,
  fallback: string,
  form: string,
  read: (text: string) => string = (any) => any,
): Setting<string> => ({ doc, default: fallback, form, parse: read });

/** @param expected what an empty text, or one of control characters, is not @throws Error */
export const filled =
  (expected: string) =>
  (value: string): string => {
    if (value.trim() === '' || /\p{Cc}/u.test(value)) throw new Error(expected);
    return value;
  };

/** What may be left empty. @throws Error */
export const emptyOr =
  (read: (text: string) => string) =>
  (value: string): string =>
    value === '' ? value : read(value);

/** @throws Error */
export const regionName = (value: string): string => {
  if (!/^[a-z0-9]+(-[a-z0-9]+)*$/.test(value)) throw new Error('a region such as cn-hangzhou');
  return value;
};

/** A name by which a server is reached. @throws Error */
export const hostName = (value: string): string => {
  if (!/^[\w.-]+$/.test(value) && isIP(value) === 0) throw new Error('NAME,… with host names without a port');
  return value.toLowerCase();
};

/** @throws Error */
export const bucketName = (value: string): string => {
  if (!isBucketName(value))
    throw new Error('a bucket name: 3 to 63 lower-case letters, digits and hyphens, such as photos');
  return value;
};

/** @throws Error */
export const httpUrl = (value: string): string => {
  if (!URL.canParse(value) || !/^https?:$/.test(new URL(value).protocol)) throw new Error('an http or https URL');
  return value;
};

/** An integer, ends inclusive. */
export function whole(doc: string, fallback: string, min: number, max: number): Setting<number> {
  return {
    doc,
    default: fallback,
    form: 'N',
    parse(value) {
      const number = Number(value);
      if (!/^\d+$/.test(value) || number < min || number > max) throw new Error(`an integer from ${min} to ${max}`);
      return number;
    },
  };
}

/** One of some words. */
export function choice<const C extends readonly string[]>(
  doc: string,
  choices: C,
  fallback: C[number],
): Setting<C[number]> {
  return {
    doc,
    default: fallback,
    form: choices.join('|'),
    parse(value) {
      if (!choices.includes(value)) throw new Error(`one of ${choices.join(', ')}`);
      return value;
    },
  };
}

/** A flag. @param fallback what it is unless it is set */
export function onOff(doc: string, fallback: 'true' | 'false' = 'false'): Setting<boolean> {
  return {
    doc,
    default: fallback,
    parse(value) {
      if (!['true', 'false', '1', '0'].includes(value)) throw new Error('true or false');
      return value === 'true' || value === '1';
    },
  };
}

/** Parts that are read one by one; empty ones are skipped. */
export function list<T>(
  doc: string,
  fallback: string,
  form: string,
  separator: ',' | ';',
  item: (part: string) => T,
): Setting<readonly T[]> {
  const parts = (value: string) =>
    value
      .split(separator)
      .map((part) => part.trim())
      .filter((part) => part !== '');
  return { doc, default: fallback, form, separator, parse: (value) => parts(value).map(item) };
}

/** `ID:SECRET` @throws Error */
export const accessKey = (part: string): AccessKey => {
  const at = part.indexOf(':');
  if (at < 1 || at === part.length - 1) throw new Error('id:secret;id:secret');
  return { id: part.slice(0, at), secret: part.slice(at + 1) };
};

/** `ID:SECRET:TOKEN[:TIME]` @throws Error */
export const stsToken = (part: string): StsToken => {
  const form = 'id:secret:token;… or id:secret:token:2030-01-01T00:00:00Z';
  const [, id = '', secret = '', token = '', until] = /^([^:]+):([^:]+):([^:]+)(?::(.+))?$/.exec(part) ?? [];
  const expires = until === undefined ? undefined : new Date(until);
  if (id === '' || (expires !== undefined && Number.isNaN(expires.getTime()))) throw new Error(form);
  return { id, secret, token, expires };
};

/** `HOST=BUCKET` @throws Error */
export const cname = (part: string): Cname => {
  const [, host = '', bucket = ''] = /^([^=:/]+)=(.+)$/.exec(part) ?? [];
  if (host === '') throw new Error('HOST=BUCKET,… with host names without a port');
  return { host: host.toLowerCase(), bucket: bucketName(bucket) };
};

/** `NAME[:ACL]` @throws Error */
export const bucketWithAcl = (part: string): { readonly name: string; readonly acl: BucketAcl } => {
  const [name = '', acl = 'private'] = part.split(':');
  const known = bucketAcls.find((word) => word === acl);
  if (known === undefined)
    throw new Error(`a bucket name with an optional ACL (${bucketAcls.join(', ')}), such as photos:public-read`);
  return { name: bucketName(name), acl: known };
};

/** Where messages of a topic are posted to. */
export interface Webhook {
  /** `*` stands for every topic that has none of its own. */
  readonly topic: string;
  readonly url: string;
}

const webhook = (part: string): Webhook => {
  const form = 'TOPIC=URL;… with http or https URLs that hold no user name';
  const [, topic = '', url = ''] = /^([^=]+)=(.*)$/.exec(part) ?? [];
  const parsed = URL.canParse(url) ? new URL(url) : undefined;
  if (parsed === undefined || !/^https?:$/.test(parsed.protocol) || parsed.username + parsed.password !== '')
    throw new Error(form);
  return { topic, url };
};

const anyWebhooks = list(
  'Where messages of sys/notify are posted to, by topic; * stands for all other topics.',
  '',
  'TOPIC=URL;…',
  ';',
  webhook,
);

/** A second webhook for a topic would have to be ignored, or get a second message. */
const oneForEach: typeof anyWebhooks.parse = (value) => {
  const parsed = anyWebhooks.parse(value);
  if (new Set(parsed.map(({ topic }) => topic)).size < parsed.length)
    throw new Error('TOPIC=URL;… with each topic once');
  return parsed;
};

/** By topic, each topic once. */
export const webhooks: typeof anyWebhooks = { ...anyWebhooks, parse: oneForEach };

/** A setting whose default depends on the machine. */
export const shownAs = <S extends Setting<unknown>>(shown: string, setting: S): S => ({ ...setting, shown });

/** A setting whose values nobody should find in a log. */
export const secret = <S extends Setting<unknown>>(setting: S): S => ({ ...setting, secret: true });
