/** Signatures of forms: over the text of their policy (rest-core.md §4.6). */
import { createHmac } from 'node:crypto';
import { fail, OssError } from '../../store/errors.ts';
import type { Settings } from '../config.ts';
import { type Check, type Credentials, V4 } from './credentials.ts';
import { compactDate, enforceVerdict, notSkewed } from './enforce-signature.ts';
import { anonymous, type Verdict, verdictOf } from './index.ts';
import { equal, signV1 } from './v1.ts';
import { scopeOf, signingKeyV4 } from './v4.ts';

/** By name in lower case. */
export type Fields = ReadonlyMap<string, string>;

const V1_FIELDS = ['ossaccesskeyid', 'policy', 'signature'] as const;
/** One of them makes a form one of V4. */
const V4_MARKS = ['x-oss-signature-version', 'x-oss-signature', 'x-oss-credential'] as const;

/**
 * Who a form says it is from, and whether its signature agrees. What its request has in header or query is nobody's
 * business: OSS does not look at it (the page of PostObject).
 */
export function authenticateForm(
  fields: Fields,
  settings: Pick<Settings, 'auth' | 'access-keys' | 'sts-tokens' | 'region'>,
  now: Date,
): Verdict {
  const credentials = credentialsOf(fields);
  if (credentials === undefined) return anonymous;
  const policy = fields.get('policy') ?? '';
  const credential = fields.get('x-oss-credential') ?? '';
  const signForm = (text: string, secret: string) =>
    credentials.scheme === 'v4-form' ? signFormV4(text, credential, secret) : signV1(text, secret);
  const check = (secret: string): Check => {
    const expected = signForm(policy, secret);
    return { right: equal(expected, credentials.signature), expected, stringToSign: policy };
  };
  const verdict = { ...verdictOf(credentials, settings, now, check), signForm };
  const refusal = verdict.outcome === 'unchecked' ? undefined : refusalOf(fields, verdict, now, settings.region);
  return refusal === undefined ? verdict : { ...verdict, refusal };
}

/** The access key id of a form, right or wrong; empty without one. */
export const formKeyId = (fields: Fields): string => credentialsOf(fields)?.accessKeyId ?? '';

function credentialsOf(fields: Fields): Credentials | undefined {
  const token = fields.get('x-oss-security-token');
  if (V4_MARKS.some((name) => fields.has(name))) {
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

/** What OSS says to a form whose signature it does not accept. Anonymous ones pass: what they may do depends on the ACL. */
function refusalOf(fields: Fields, verdict: Verdict, now: Date, region: string): OssError | undefined {
  try {
    enforceForm(fields, verdict, now, region);
    return undefined;
  } catch (error) {
    if (error instanceof OssError) return error;
    throw error;
  }
}

/**
 * @throws InvalidArgument, RequestTimeTooSkewed, AccessDenied, InvalidAccessKeyId, SignatureDoesNotMatch, and for tokens as
 *   requests do
 */
function enforceForm(fields: Fields, verdict: Verdict, now: Date, region: string): void {
  if (verdict.scheme === 'v1-form') v1Syntax(fields);
  else {
    v4Syntax(fields, region);
    notSkewed(compactDate(fields.get('x-oss-date') ?? ''), now);
  }
  enforceVerdict(verdict);
}

const invalid = (message: string, name: string, ec?: string): never =>
  fail('InvalidArgument', { message, elements: { ArgumentName: name }, ...(ec === undefined ? {} : { ec }) });

/** @throws InvalidArgument in the documented sentence for a field that must be there */
export const fieldMissing = (name: string, ec?: string): never =>
  invalid(
    `The bucket POST must contain the specified '${name}'. If it is specified, please check the order of the fields.`,
    name,
    ec,
  );

function v1Syntax(fields: Fields): void {
  const [id, signature] = [fields.get('ossaccesskeyid'), fields.get('signature')];
  if (!fields.get('policy')) fieldMissing('policy', NO_POLICY);
  if (signature === undefined) fieldMissing('Signature', NO_SIGNATURE);
  if (signature === '') invalid('Post request signature is empty.', 'Signature', EMPTY_SIGNATURE);
  if (id === undefined) fieldMissing('OSSAccessKeyId', '0002-00000706');
  if (id === '') invalid('Post request accessKeyId is empty.', 'OSSAccessKeyId', '0002-00000707');
}

/** ECs that have a page each; V1 and V4 share them. */
const NO_POLICY = '0002-00000702';
const NO_SIGNATURE = '0002-00000703';
const EMPTY_SIGNATURE = '0002-00000704';
/** Of a credential that names another region. */
export const FORM_REGION = '0002-00000715';

function v4Syntax(fields: Fields, region: string): void {
  const version = fields.get('x-oss-signature-version');
  if (version === undefined) fieldMissing('x-oss-signature-version');
  if (version !== V4) invalid('Invalid Argument.', 'x-oss-signature-version', '0002-00000701');
  if (!fields.get('policy')) fieldMissing('policy', NO_POLICY);
  const signature = fields.get('x-oss-signature');
  if (signature === undefined) fieldMissing('x-oss-signature', NO_SIGNATURE);
  if (signature === '') invalid('Post request signature is empty.', 'x-oss-signature', EMPTY_SIGNATURE);
  const credential = fields.get('x-oss-credential') ?? fieldMissing('x-oss-credential');
  const scope = scopeOf(credential) ?? invalid('Invalid Argument.', 'x-oss-credential', '0002-00000710');
  if (scope.region !== region && scope.product === 'oss')
    invalid('The signing region in credential is invalid.', 'x-oss-credential', FORM_REGION);
  if (!fields.get('x-oss-date')) fieldMissing('x-oss-date');
}
