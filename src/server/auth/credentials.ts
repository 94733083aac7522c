/** Reads the signature a request carries, in any of its forms (rest-core.md §4.0). */

/** What a signature is computed over. */
export interface SignedRequest {
  readonly method: string;
  /** Empty for requests on the service. */
  readonly bucket: string;
  readonly key: string;
  /** Decoded query pairs in the order they came. */
  readonly pairs: readonly (readonly [string, string])[];
  /** A header as UTF-8 text; names in lower case. */
  header(name: string): string | undefined;
  headersStarting(prefix: string): Readonly<Record<string, string>>;
}

/** `unreadable`: an Authorization header, or a signature version, that is none of OSS's. */
export type Scheme =
  | 'v1-header'
  | 'v1-url'
  | 'v1-form'
  | 'v2-header'
  | 'v2-url'
  | 'v4-header'
  | 'v4-url'
  | 'v4-form'
  | 'unreadable'
  | 'anonymous';

/** A signature as sent, with what is needed to compute it again. */
export interface Credentials {
  readonly scheme: Scheme;
  readonly accessKeyId: string;
  /** What was received. */
  readonly signature: string;
  /** Security token of STS. */
  readonly token: string | undefined;
}

/** What computing a signature again came to. */
export interface Check {
  readonly right: boolean;
  /** The signature that would have been right, to be shown beside the one that was received. */
  readonly expected: string;
  readonly stringToSign: string;
  /** V4 only. */
  readonly canonicalRequest?: string;
}

/**
 * The first of several readings whose signature is the received one: clients differ in details (rest-core.md §4.1).
 * @param readings from the documented one to the odd ones; computed only as far as needed
 * @returns the documented one where none is right
 */
export function firstRight(readings: Iterable<Check>): Check {
  let first: Check | undefined;
  for (const reading of readings) {
    if (reading.right) return reading;
    first ??= reading;
  }
  return first ?? { right: false, expected: '', stringToSign: '' };
}

/** A query value; of a repeated key the last one. */
export const queryOf = (req: Pick<SignedRequest, 'pairs'>, name: string): string | undefined =>
  req.pairs.findLast(([key]) => key === name)?.[1];

/** @returns `undefined` for an anonymous request */
export function readCredentials(req: Pick<SignedRequest, 'header' | 'pairs'>): Credentials | undefined {
  const authorization = req.header('authorization');
  if (authorization !== undefined) return fromHeader(authorization, req.header('x-oss-security-token'));
  const query = (name: string) => queryOf(req, name);
  const of = (scheme: Scheme, id: string | undefined, signature: string, token: string) => ({
    scheme,
    accessKeyId: id?.split('/')[0] ?? '',
    signature: query(signature) ?? '',
    token: query(token),
  });
  const version = query('x-oss-signature-version');
  if (version === V4) return of('v4-url', query('x-oss-credential'), 'x-oss-signature', 'x-oss-security-token');
  if (version === 'OSS2') return of('v2-url', query('x-oss-access-key-id'), 'x-oss-signature', 'x-oss-security-token');
  if (version !== undefined) return of('unreadable', '', 'x-oss-signature', 'x-oss-security-token');
  if (query('OSSAccessKeyId') !== undefined || query('Signature') !== undefined)
    return of('v1-url', query('OSSAccessKeyId'), 'Signature', 'security-token');
  return undefined;
}

/** The name of V4, in headers, queries and forms. */
export const V4 = 'OSS4-HMAC-SHA256';

function fromHeader(value: string, token: string | undefined): Credentials {
  const [, id, v1] = /^OSS ([^:]*):(.*)$/.exec(value) ?? [];
  if (id !== undefined && v1 !== undefined) return { scheme: 'v1-header', accessKeyId: id, signature: v1, token };
  const parts = parameters(value);
  const signature = parts.get('Signature') ?? '';
  if (value.startsWith(`${V4} `)) {
    return { scheme: 'v4-header', accessKeyId: parts.get('Credential')?.split('/')[0] ?? '', signature, token };
  }
  const scheme = value.startsWith('OSS2 ') ? 'v2-header' : 'unreadable';
  return { scheme, accessKeyId: parts.get('AccessKeyId') ?? '', signature, token };
}

/** `Name=value` or `Name:value` pairs behind the scheme's name, in any order, with or without blanks (rest-core.md §4.4). */
export function parameters(authorization: string): ReadonlyMap<string, string> {
  const text = authorization.slice(authorization.indexOf(' ') + 1);
  return new Map(
    text.split(',').map((pair): [string, string] => {
      const [, name = '', value = ''] = /^\s*([A-Za-z]+)[=:](.*)$/.exec(pair) ?? [];
      return [name, value.trim()];
    }),
  );
}
