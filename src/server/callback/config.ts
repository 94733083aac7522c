/** What a client asks for with `callback` and `callback-var`, read before anything is stored (rest-core.md §1.5). */
import { fail } from '../../store/errors.ts';
import { base64Bytes, utf8Text } from '../../store/names.ts';
import { jsonFrom } from '../json.ts';

const bodyTypes = ['application/x-www-form-urlencoded', 'application/json'] as const;
export type BodyType = (typeof bodyTypes)[number];

export interface Callback {
  /** Tried in order until one answers well. */
  readonly urls: readonly URL[];
  /** Host header; absent: the URL's. */
  readonly host: string | undefined;
  /** With `${…}` to be replaced. */
  readonly template: string;
  readonly type: BodyType;
  /** Custom variables by name, `x:` included. */
  readonly vars: Readonly<Record<string, string>>;
}

const MAX_BYTES = 5 * 1024;
const MAX_URLS = 5;

function invalid(name: string, message: string, ec?: string): never {
  return fail('InvalidArgument', { message, elements: { ArgumentName: name }, ...(ec === undefined ? {} : { ec }) });
}

/** A value as a request may carry it in its header or in its query. @throws InvalidArgument when it does both */
export function fromOnePlace(
  name: 'callback' | 'callback-var',
  header: string | undefined,
  query: string | undefined,
): string | undefined {
  if (header !== undefined && query !== undefined) {
    const message = `Either the ${name} query string parameter or the x-oss-${name} header should be specified, not both.`;
    invalid(name, message, '0007-00000027');
  }
  // A raw plus of the Base64 alphabet arrives in a query as a blank.
  return header ?? query?.replaceAll(' ', '+');
}

/** Reads both values. @throws InvalidArgument */
export function readCallback(callback: string, vars: string | undefined): Callback {
  const config = decoded('callback', callback);
  const { callbackUrl, callbackHost, callbackBody, callbackBodyType = bodyTypes[0], callbackSNI = false } = config;
  const text = (value: unknown): string => (typeof value === 'string' ? value : '');
  const type = bodyTypes.find((known) => known === text(callbackBodyType).trim().toLowerCase());
  if (type === undefined) return invalid('callback', 'The callback body type configuration is invalid.');
  if (text(callbackBody) === '') invalid('callback', 'The callback body is empty.');
  // Names of hosts go out with every TLS connection here, whatever this says; its kind is checked all the same.
  if (!['true', 'false'].includes(String(callbackSNI)))
    invalid('callback', 'The callback configuration is not json format.');
  const host = text(callbackHost);
  if (!/^[\x21-\x7e]*$/.test(host)) invalid('callback', 'The callback url configuration is invalid.');
  return {
    urls: urlsFrom(text(callbackUrl)),
    host: host === '' ? undefined : host,
    template: text(callbackBody),
    type,
    vars: vars === undefined ? {} : varsFrom(vars),
  };
}

function decoded(name: 'callback' | 'callback-var', value: string): Readonly<Record<string, unknown>> {
  const bytes = base64Bytes(value);
  const text = bytes === undefined || bytes.length === 0 ? undefined : utf8Text(bytes);
  if (text === undefined) return invalid(name, 'The callback configuration is not base64 encoded.');
  if (Buffer.byteLength(text) > MAX_BYTES) invalid(name, 'The length of callback exceed max value.');
  const json = jsonFrom(text);
  if (typeof json === 'object' && json !== null && !Array.isArray(json)) return json as Record<string, unknown>;
  return invalid(name, 'The callback configuration is not json format.');
}

function urlsFrom(text: string): readonly URL[] {
  const parts = text.split(';').map((part) => part.trim());
  if (parts.length > MAX_URLS) invalid('callback', 'The number of callback url exceed max value.');
  return parts.map((part) => {
    const full = /^[a-z][a-z0-9+.-]*:\/\//i.test(part) ? part : `http://${part}`;
    const url = part !== '' && URL.canParse(full) ? new URL(full) : undefined;
    const usable = url !== undefined && /^https?:$/.test(url.protocol) && url.username + url.password === '';
    return usable ? url : invalid('callback', 'The callback url configuration is invalid.');
  });
}

function varsFrom(value: string): Readonly<Record<string, string>> {
  // No variable can be called otherwise: what is beside them means nothing (a test of the Python SDK).
  const given = Object.entries(decoded('callback-var', value)).filter(([name]) => name.startsWith('x:'));
  return Object.fromEntries(
    given.map(([name, one]) =>
      typeof one === 'object'
        ? invalid('callback-var', 'The callback configuration is not json format.')
        : [name, String(one)],
    ),
  );
}
