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

export type Scheme = 'v1-header' | 'v1-url' | 'v2' | 'v4-header' | 'v4-url' | 'anonymous';

/** A signature as sent, with what is needed to compute it again. */
export interface Credentials {
  readonly scheme: Scheme;
  readonly accessKeyId: string;
  readonly signature: string;
}

/** What computing a signature again came to. */
export interface Check {
  readonly right: boolean;
  readonly stringToSign: string;
  /** V4 only. */
  readonly canonicalRequest?: string;
}

/** A query value; of a repeated key the last one. */
export const queryOf = (req: SignedRequest, name: string): string | undefined =>
  req.pairs.findLast(([key]) => key === name)?.[1];

/** @returns `undefined` for an anonymous request */
export function readCredentials(req: SignedRequest): Credentials | undefined {
  const authorization = req.header('authorization');
  if (authorization !== undefined) return fromHeader(authorization);
  const query = new Map(req.pairs);
  const version = query.get('x-oss-signature-version');
  const of = (scheme: Scheme, id: string | undefined, signature: string) => ({
    scheme,
    accessKeyId: id?.split('/')[0] ?? '',
    signature: query.get(signature) ?? '',
  });
  if (version === 'OSS4-HMAC-SHA256') return of('v4-url', query.get('x-oss-credential'), 'x-oss-signature');
  if (version === 'OSS2') return of('v2', query.get('x-oss-access-key-id'), 'x-oss-signature');
  if (query.has('OSSAccessKeyId') || query.has('Signature'))
    return of('v1-url', query.get('OSSAccessKeyId'), 'Signature');
  return undefined;
}

function fromHeader(value: string): Credentials {
  const v1 = /^OSS ([^:]*):(.*)$/.exec(value);
  if (v1 !== null) return { scheme: 'v1-header', accessKeyId: v1[1] ?? '', signature: v1[2] ?? '' };
  const parts = parameters(value);
  if (value.startsWith('OSS4-HMAC-SHA256 ')) {
    return {
      scheme: 'v4-header',
      accessKeyId: parts.get('Credential')?.split('/')[0] ?? '',
      signature: parts.get('Signature') ?? '',
    };
  }
  return { scheme: 'v2', accessKeyId: parts.get('AccessKeyId') ?? '', signature: parts.get('Signature') ?? '' };
}

/** `Name=value` or `Name:value` pairs behind the scheme's name, in any order, with or without blanks (rest-core.md §4.4). */
export function parameters(authorization: string): ReadonlyMap<string, string> {
  const text = authorization.slice(authorization.indexOf(' ') + 1);
  return new Map(
    text.split(',').map((pair): [string, string] => {
      const [, name = '', value = ''] = /^\s*([A-Za-z]+)[=:](.*?)\s*$/.exec(pair) ?? [];
      return [name, value];
    }),
  );
}
