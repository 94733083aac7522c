/** Signatures of forms: over the text of their policy (rest-core.md §4.6). */
import { createHmac } from 'node:crypto';
import { fail } from '../../store/errors.ts';
import type { Settings } from '../config.ts';
import { type Check, type Credentials, V4 } from './credentials.ts';
import { compactDate, enforceVerdict, notSkewed } from './enforce-signature.ts';
import { anonymous, type Verdict, verdictOf } from './index.ts';
import { equal, signV1 } from './v1.ts';
import { scopeOf, signingKeyV4 } from './v4.ts';

/** By name in lower case. */
export type Fields = ReadonlyMap<string, string>;

const V1_FIELDS = ['ossaccesskeyid', 'policy', 'signature'] as const;
const V4_FIELDS = ['policy', 'x-oss-signature-version', 'x-oss-credential', 'x-oss-date', 'x-oss-signature'] as const;

/** Who a form says it is from, and whether its signature agrees. */
export function authenticateForm(fields: Fields, settings: Settings, now: Date): Verdict {
  const credentials = credentialsOf(fields);
  if (credentials === undefined) return anonymous;
  const policy = fields.get('policy') ?? '';
  const credential = fields.get('x-oss-credential') ?? '';
  const check = (secret: string): Check => {
    const expected = credentials.scheme === 'v4-form' ? signFormV4(policy, credential, secret) : signV1(policy, secret);
    return { right: equal(expected, credentials.signature), expected, stringToSign: policy };
  };
  return verdictOf(credentials, settings, now, check);
}

/** The access key id of a form, right or wrong; empty without one. */
export const formKeyId = (fields: Fields): string => credentialsOf(fields)?.accessKeyId ?? '';

function credentialsOf(fields: Fields): Credentials | undefined {
  const token = fields.get('x-oss-security-token');
  if (fields.has('x-oss-signature-version') || fields.has('x-oss-signature')) {
    const accessKeyId = fields.get('x-oss-credential')?.split('/')[0] ?? '';
    return { scheme: 'v4-form', accessKeyId, signature: fields.get('x-oss-signature') ?? '', token };
  }
  if (!V1_FIELDS.some((name) => fields.has(name))) return undefined;
  const accessKeyId = fields.get('ossaccesskeyid') ?? '';
  return { scheme: 'v1-form', accessKeyId, signature: fields.get('signature') ?? '', token };
}

/** The V4 signature of a policy, lower-case hexadecimal. @returns an empty text when the credential is none */
export function signFormV4(policy: string, credential: string, secret: string): string {
  const scope = scopeOf(credential);
  if (scope === undefined) return '';
  return createHmac('sha256', signingKeyV4(scope, secret)).update(policy).digest('hex');
}

/**
 * Refuses a form whose signature OSS would not accept. Anonymous ones pass: what they may do depends on the ACL.
 * @throws InvalidArgument, RequestTimeTooSkewed, InvalidAccessKeyId, SignatureDoesNotMatch, and for tokens as requests do
 */
export function enforceForm(fields: Fields, verdict: Verdict, now: Date, region: string): void {
  if (verdict.scheme === 'v1-form') v1Syntax(fields);
  if (verdict.scheme === 'v4-form') {
    v4Syntax(fields, region);
    notSkewed(compactDate(fields.get('x-oss-date') ?? ''), now);
  }
  enforceVerdict(verdict);
}

const invalid = (message: string, name: string, ec?: string): never =>
  fail('InvalidArgument', { message, elements: { ArgumentName: name }, ...(ec === undefined ? {} : { ec }) });

/** The documented sentence for a field that must be there. */
export const MISSING_FIELD =
  'The bucket POST must contain the specified field name. If it is specified, please check the order of the fields.';

function v1Syntax(fields: Fields): void {
  if (!fields.get('ossaccesskeyid')) invalid('Post request accessKeyId is empty.', 'OSSAccessKeyId');
  if (!fields.get('signature')) invalid('Post request signature is empty.', 'Signature');
  if (!fields.get('policy')) invalid(MISSING_FIELD, 'policy');
}

function v4Syntax(fields: Fields, region: string): void {
  for (const name of V4_FIELDS) {
    const value = fields.get(name);
    if (value === undefined) invalid(MISSING_FIELD, name, '0002-00000703');
    if (value === '') invalid(MISSING_FIELD, name, '0002-00000704');
  }
  if (fields.get('x-oss-signature-version') !== V4) invalid('Invalid Argument.', 'x-oss-signature-version');
  const scope = scopeOf(fields.get('x-oss-credential') ?? '');
  if (scope === undefined) invalid('Invalid Argument.', 'x-oss-credential', '0002-00000710');
  if (scope?.region !== region)
    invalid('The signing region in credential is invalid.', 'x-oss-credential', '0002-00000715');
}
