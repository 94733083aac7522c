/**
 * Signatures of RPC calls: the classic one, HMAC-SHA1 over all parameters, and ACS3, HMAC-SHA256 over the request with
 * some of its headers. Published examples of both are in the tests.
 * https://www.alibabacloud.com/help/en/sdk/product-overview/rpc-mechanism
 * https://www.alibabacloud.com/help/en/sdk/product-overview/v3-request-structure-and-signature
 */
import { createHash, createHmac } from 'node:crypto';
import { parameters } from '../auth/credentials.ts';
import type { Outcome } from '../auth/index.ts';
import { equal } from '../auth/v1.ts';
import type { AccessKey } from '../setting-kinds.ts';
import { urlEncodeAll } from '../wire.ts';
import type { ImmRequest } from './request.ts';

export interface ImmVerdict {
  readonly outcome: Outcome;
  /** When the client says it signed; empty when it does not. */
  readonly time: string;
  /** What should have been signed. */
  readonly stringToSign: string;
}

/** The access key id of a call, right or wrong; empty without one. */
export function callerOf({ query, form, header }: Pick<ImmRequest, 'query' | 'form' | 'header'>): string {
  const authorization = header('authorization');
  if (authorization !== undefined) return parameters(authorization).get('Credential') ?? '';
  return new Map([...query, ...form]).get('AccessKeyId') ?? '';
}

/** Finds out who calls and whether the signature is right. */
export function verifyImm(req: ImmRequest, keys: readonly AccessKey[]): ImmVerdict {
  const authorization = req.header('authorization');
  return authorization === undefined ? verifyClassic(req, keys) : verifyAcs3(req, authorization, keys);
}

type Pairs = readonly (readonly [string, string])[];

/** Sorted and encoded, as both schemes want parameters. */
function canonical(pairs: Pairs): string {
  return pairs
    .map(([name, value]) => [urlEncodeAll(name), urlEncodeAll(value)] as const)
    .sort(([a], [b]) => (a < b ? -1 : a > b ? 1 : 0))
    .map(([name, value]) => `${name}=${value}`)
    .join('&');
}

function verifyClassic({ method, query, form }: ImmRequest, keys: readonly AccessKey[]): ImmVerdict {
  const pairs = [...query, ...form];
  const params = new Map(pairs);
  const signed = canonical(pairs.filter(([name]) => name !== 'Signature'));
  const stringToSign = `${method}&%2F&${urlEncodeAll(signed)}`;
  const outcome = outcomeFor(params.get('AccessKeyId'), keys, (secret) =>
    equal(createHmac('sha1', `${secret}&`).update(stringToSign).digest('base64'), params.get('Signature') ?? ''),
  );
  return { outcome, time: params.get('Timestamp') ?? '', stringToSign };
}

function verifyAcs3(req: ImmRequest, authorization: string, keys: readonly AccessKey[]): ImmVerdict {
  const given = parameters(authorization);
  const names = (given.get('SignedHeaders') ?? '').split(';');
  const headers = names.map((name) => `${name}:${req.header(name) ?? ''}\n`).join('');
  const payload = sha256(req.body);
  const request = [req.method, '/', canonical(req.query), headers, names.join(';'), payload].join('\n');
  const stringToSign = `ACS3-HMAC-SHA256\n${sha256(request)}`;
  const outcome = outcomeFor(given.get('Credential'), keys, (secret) =>
    equal(createHmac('sha256', secret).update(stringToSign).digest('hex'), given.get('Signature') ?? ''),
  );
  return { outcome, time: req.header('x-acs-date') ?? '', stringToSign };
}

function outcomeFor(id: string | undefined, keys: readonly AccessKey[], right: (secret: string) => boolean): Outcome {
  if (id === undefined || id === '') return 'anonymous';
  const key = keys.find((known) => known.id === id);
  if (key === undefined) return 'unknown-key';
  return right(key.secret) ? 'ok' : 'mismatch';
}

const sha256 = (data: string | Buffer) => createHash('sha256').update(data).digest('hex');
