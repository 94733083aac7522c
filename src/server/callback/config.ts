/** What a client asks for with `callback` and `callback-var`, read before anything is stored (rest-core.md §1.5). */
import { fail } from '../../store/errors.ts';
import { base64Bytes, utf8Text } from '../../store/names.ts';
import { jsonFrom } from '../json.ts';
import { isWellFormed } from './template.ts';

const bodyTypes = ['application/x-www-form-urlencoded', 'application/json'] as const;
export type BodyType = (typeof bodyTypes)[number];

export interface Callback {
  /** Tried in order until one answers well. */
  readonly urls: readonly URL[];
  /** Host header; absent: the URL's. */
  readonly host: string | undefined;
  /** The URL's name is sent when TLS begins. */
  readonly sni: boolean;
  /** With `${…}` to be replaced. */
  readonly template: string;
  readonly type: BodyType;
  /** Of the client's own, by name in lower case. */
  readonly headers: Readonly<Record<string, string>>;
  /** Custom variables by name, `x:` included. */
  readonly vars: Readonly<Record<string, string>>;
}

type Place = 'callback' | 'callback-var';

/** Of a value as it is sent: Base64 (the pages of 0007-00000101 and of error 400). */
const MAX_LENGTH = 5 * 1024;
const MAX_URLS = 5;

/** As OSS has them; each EC has a page of its own. */
const refusals = {
  callback: {
    tooLong: { message: 'The length of callback exceed max value.', ec: '0007-00000001' },
    noBase64: { message: 'The callback configuration is not base64 encoded.', ec: '0007-00000002' },
    noJson: { message: 'The callback configuration is not json format.', ec: '0007-00000003' },
  },
  'callback-var': {
    tooLong: { message: 'The length of callback var exceed max value.', ec: '0007-00000101' },
    noBase64: { message: 'The callback configuration is not base64 encoded.', ec: '0007-00000102' },
    // The typing error is the service's.
    noJson: { message: 'The callback var is not expecten json.', ec: '0007-00000103' },
  },
} as const;

interface Refusal {
  readonly message: string;
  readonly ec?: string;
}

function invalid(argument: string, value: unknown, refusal: Refusal): never {
  const shown = typeof value === 'string' ? value : JSON.stringify(value);
  return fail('InvalidArgument', { ...refusal, elements: { ArgumentName: argument, ArgumentValue: shown } });
}

/** A value as a request may carry it in its header or in its query. @throws InvalidArgument when it does both */
export function fromOnePlace(name: Place, header: string | undefined, query: string | undefined): string | undefined {
  if (header !== undefined && query !== undefined) {
    const message = `Either the ${name} query string parameter or the x-oss-${name} header should be specified, not both.`;
    fail('InvalidArgument', { message, ec: '0007-00000027', elements: { ArgumentName: name } });
  }
  // A raw plus of the Base64 alphabet arrives in a query as a blank.
  return header ?? query?.replaceAll(' ', '+');
}

/**
 * Reads both values.
 * @returns `undefined` when no address is named: that is no callback (the page of 0007-00000004)
 * @throws InvalidArgument
 */
export function readCallback(callback: string, vars: string | undefined): Callback | undefined {
  const config = decoded('callback', callback);
  const { callbackUrl = '', callbackHost = '', callbackBody = '', callbackBodyType = bodyTypes[0] } = config;
  const { callbackSNI = false, additionalHeaders = {} } = config;
  const custom = vars === undefined ? {} : varsFrom(vars);
  if (callbackUrl === '' || callbackUrl === null) return undefined;
  return {
    urls: urlsFrom(callbackUrl),
    host: hostFrom(callbackHost),
    template: templateFrom(callbackBody),
    type: typeFrom(callbackBodyType),
    sni: sniFrom(callbackSNI),
    headers: headersFrom(additionalHeaders),
    vars: custom,
  };
}

function decoded(place: Place, value: string): Readonly<Record<string, unknown>> {
  const { tooLong, noBase64, noJson } = refusals[place];
  if (value.length > MAX_LENGTH) invalid(place, `${value.slice(0, 100)}…`, tooLong);
  const bytes = base64Bytes(value);
  const text = bytes === undefined || bytes.length === 0 ? undefined : utf8Text(bytes);
  if (text === undefined) return invalid(place, value, noBase64);
  const json = jsonFrom(text);
  if (typeof json === 'object' && json !== null && !Array.isArray(json)) return json as Record<string, unknown>;
  return invalid(place, text, noJson);
}

function urlsFrom(value: unknown): readonly URL[] {
  const refuse = (): never =>
    invalid('callbackUrl', value, { message: 'The callback url configuration is invalid.', ec: '0007-00000004' });
  if (typeof value !== 'string') return refuse();
  // One more separator at the end names nothing, as in an example on the page of 0007-00000005.
  const parts = value.split(';').map((part) => part.trim());
  const named = parts.filter((part) => part !== '');
  if (named.length > MAX_URLS)
    invalid('callbackUrl', value, { message: 'The number of callback url exceed max value.', ec: '0007-00000005' });
  const urls = named.map((part) => {
    const full = /^[a-z][a-z0-9+.-]*:\/\//i.test(part) ? part : `http://${part}`;
    const url = URL.canParse(full) ? new URL(full) : undefined;
    const usable = url !== undefined && /^https?:$/.test(url.protocol) && url.username + url.password === '';
    return usable ? url : refuse();
  });
  return urls.length === 0 ? refuse() : urls;
}

/** The sentence is assumed. */
function hostFrom(value: unknown): string | undefined {
  if (typeof value !== 'string' || !/^[\w.:[\]-]*$/.test(value))
    return invalid('callbackHost', value, {
      message: 'The callback host configuration is invalid.',
      ec: '0007-00000009',
    });
  return value === '' ? undefined : value;
}

function templateFrom(value: unknown): string {
  if (value === '' || value === null)
    invalid('callbackBody', '', { message: 'The callback body is empty.', ec: '0007-00000011' });
  if (typeof value === 'string' && isWellFormed(value)) return value;
  // The EC is assumed: it stands between those of the host and of an empty body.
  return invalid('callbackBody', value, { message: 'The callback body is invalid.', ec: '0007-00000010' });
}

function typeFrom(value: unknown): BodyType {
  const message = 'The callback body type configuration is invalid.';
  if (typeof value !== 'string') return invalid('callbackBodyType', value, { message, ec: '0007-00000012' });
  const type = bodyTypes.find((known) => known === value.trim().toLowerCase());
  return type ?? invalid('callbackBodyType', value, { message });
}

function sniFrom(value: unknown): boolean {
  if (!['true', 'false'].includes(String(value))) invalid('callbackSNI', value, refusals.callback.noJson);
  return String(value) === 'true';
}

/** What HTTP itself needs is not the client's to say. */
const OWN_HEADERS = /^(connection|content-length|expect|host|keep-alive|te|trailer|transfer-encoding|upgrade)$/;

/** Headers beside OSS's own, whose names a client can not take (the page of 0007-00000026). The sentence is assumed. */
function headersFrom(value: unknown): Readonly<Record<string, string>> {
  const refuse = (): never =>
    invalid('additionalHeaders', value, {
      message: 'The callback additional headers configuration is invalid.',
      ec: '0007-00000026',
    });
  if (typeof value !== 'object' || value === null || Array.isArray(value)) return refuse();
  return Object.fromEntries(
    Object.entries(value).map(([given, text]) => {
      const name = given.toLowerCase();
      const isName = /^[!#$%&'*+.^_`|~0-9a-z-]+$/.test(name) && !name.startsWith('x-oss-') && !OWN_HEADERS.test(name);
      return isName && typeof text === 'string' && /^[\x20-\x7e]*$/.test(text) ? [name, text] : refuse();
    }),
  );
}

function varsFrom(value: string): Readonly<Record<string, string>> {
  const config = decoded('callback-var', value);
  // No variable can be called otherwise: what is beside them means nothing (a test of the Python SDK).
  const given = Object.entries(config).filter(([name]) => name.startsWith('x:'));
  const refuse = () => invalid('callback-var', config, refusals['callback-var'].noJson);
  return Object.fromEntries(given.map(([name, one]) => (typeof one === 'object' ? refuse() : [name, String(one)])));
}
