/** What `--auth strict` refuses about signatures, with OSS's answers and in its order (rest-core.md §2.4, §4). */
import { type ErrorFacts, fail } from '../../store/errors.ts';
import { bytesOf, isoTime } from '../wire.ts';
import { queryOf, type SignedRequest } from './credentials.ts';
import type { Verdict } from './index.ts';
import { factsV4, scopeOf } from './v4.ts';

/** Clocks may differ by this much. */
const SKEW_MS = 15 * 60 * 1000;
/** As long as a V4 URL can last. */
export const LONGEST_V4_URL_S = 604_800;

const invalid = (message: string, ec?: string): never => fail('InvalidArgument', { message, ...(ec ? { ec } : {}) });
const invalidHeader = (): never => invalid('Authorization header is invalid.');
const denied = (message: string, facts: ErrorFacts = {}): never =>
  fail('AccessDenied', { message, ec: null, ...facts });

/**
 * Refuses, in every mode, what is written in S3's dialect: its requests look like OSS's and mean other things, and the
 * bodies its SDKs send would be stored with their signatures in between (rest-core.md §1.8).
 * @throws InvalidArgument
 */
export function refuseS3(req: Pick<SignedRequest, 'header' | 'pairs'>): void {
  const header = /^(AWS4-HMAC-SHA256|AWS) /.test(req.header('authorization') ?? '');
  if (!header && !['X-Amz-Algorithm', 'AWSAccessKeyId'].some((name) => queryOf(req, name) !== undefined)) return;
  fail('InvalidArgument', {
    message: 'Authorization header is invalid.',
    elements: {
      ArgumentName: header ? 'Authorization' : 'X-Amz-Algorithm',
      Detail: "This request is signed for S3, whose API is not OSS's. Use an SDK of OSS.",
    },
  });
}

/**
 * Refuses a request whose signature OSS would not accept. Anonymous ones pass: what they may do depends on the ACL.
 * @param here the region that credentials must name, and what refuses a bucket that is not there: SDKs' tests are told so
 *   even with a key that nobody knows
 * @throws InvalidArgument, InvalidRequest, AccessDenied, RequestTimeTooSkewed, NoSuchBucket, InvalidAccessKeyId,
 *   InvalidSecurityToken, AccessKeyIdAndSecurityTokenNotMatch, SecurityTokenExpired, SignatureDoesNotMatch
 */
export function enforceSignature(
  req: SignedRequest,
  verdict: Verdict,
  here: { readonly now: Date; readonly region: string; readonly needBucket: () => void },
): void {
  const { now, region, needBucket } = here;
  if (verdict.outcome === 'anonymous') return;
  enforceSyntax(req, verdict, region);
  enforceTime(req, verdict, now);
  if (verdict.outcome === 'unknown-key') needBucket();
  enforceVerdict(verdict);
}

/** What is left when syntax and time are right: key, token, signature, in this order. @throws as enforceSignature */
export function enforceVerdict(verdict: Verdict): void {
  const { accessKeyId, outcome, tokenTrouble } = verdict;
  if (outcome === 'unknown-key') fail('InvalidAccessKeyId', { elements: { OSSAccessKeyId: accessKeyId } });
  if (tokenTrouble !== undefined) fail(tokenTrouble, { elements: { OSSAccessKeyId: accessKeyId } });
  if (outcome === 'mismatch') mismatch(verdict);
}

function enforceSyntax(req: SignedRequest, { scheme }: Verdict, region: string): void {
  const inQuery = ['Signature', 'x-oss-signature'].some((name) => queryOf(req, name) !== undefined);
  if (req.header('authorization') !== undefined && inQuery)
    invalid('Only one of header and query authentication is allowed.');
  if (scheme === 'unreadable') invalidHeader();
  if (scheme === 'v1-url' && req.header('x-oss-security-token') !== undefined)
    fail('InvalidRequest', { message: 'Security-token must be provided by query string parameter.' });
  if (scheme === 'v4-header' || scheme === 'v4-url') enforceV4Syntax(req, scheme, region);
}

function enforceV4Syntax(req: SignedRequest, scheme: 'v4-header' | 'v4-url', region: string): void {
  const { credential, time, additional } = factsV4(req, scheme);
  const scope = scopeOf(credential) ?? invalidScope(credential);
  if (scope.product === 'oss' && scope.region !== region) {
    if (scheme === 'v4-header') invalid('Invalid signing region in Authorization header.', '0002-00000226');
    invalid('The signing region in credential is invalid.', '0002-00000228');
  }
  if (additional === '') invalid('Authorization header is invalid.', '0002-00000209');
  // SDKs name no header that they do not send; the Go SDK v2's tests find a URL refused whose headers are not there.
  const absent = additional?.split(';').find((name) => name !== '' && req.header(name.toLowerCase()) === undefined);
  // The message is assumed.
  if (absent !== undefined) invalid(`The header ${absent} is signed and not there.`);
  // That the credential is of the day of the request is assumed.
  if (compactDate(time) !== undefined && !time.startsWith(scope.date)) invalidHeader();
}

/** What is wrong with a credential that is none: just its product, or more. */
function invalidScope(credential: string): never {
  const ofOss = credential.replace(/[^/]*(?=\/[^/]*$)/, 'oss');
  if (scopeOf(ofOss) !== undefined) invalid('Invalid signing product in Authorization header.', '0002-00000227');
  return invalidHeader();
}

function enforceTime(req: SignedRequest, { scheme }: Verdict, now: Date): void {
  if (scheme === 'v1-header' || scheme === 'v2-header')
    notSkewed(dateOf(req.header('x-oss-date') ?? req.header('date')), now);
  else if (scheme === 'v4-header') notSkewed(compactDate(factsV4(req, scheme).time), now);
  else if (scheme === 'v1-url') v1UrlTime(req, now);
  else if (scheme === 'v2-url') notExpired(queryOf(req, 'x-oss-expires') ?? '', now);
  else if (scheme === 'v4-url') v4UrlTime(req, now);
}

const missing = (ec: string): never =>
  denied('Query-string authentication requires the Signature, Expires and OSSAccessKeyId parameters', { ec });

function v1UrlTime(req: SignedRequest, now: Date): void {
  const [expires, id, signature] = ['Expires', 'OSSAccessKeyId', 'Signature'].map((name) => queryOf(req, name));
  if (expires === undefined || id === undefined || signature === undefined) missing('0002-00000067');
  if (expires === '') missing('0002-00000068');
  notExpired(expires ?? '', now);
}

/** @param expires seconds since 1970, as text */
function notExpired(expires: string, now: Date): void {
  if (!/^\d+$/.test(expires)) denied('Invalid date (should be seconds since epoch).', { ec: '0002-00000070' });
  if (Number(expires) * 1000 < now.getTime()) denied('Request has expired.');
}

function v4UrlTime(req: SignedRequest, now: Date): void {
  const expires = queryOf(req, 'x-oss-expires') ?? invalid('Missing x-oss-expires in query.', '0002-00000215');
  const seconds = Number(expires);
  if (!/^\d+$/.test(expires) || seconds < 1 || seconds > LONGEST_V4_URL_S) {
    invalid(`x-oss-expires must be between 1 and ${LONGEST_V4_URL_S}.`, '0002-00000232');
  }
  const from = compactDate(queryOf(req, 'x-oss-date') ?? '') ?? noDate();
  if (from.getTime() + seconds * 1000 < now.getTime()) denied('Request has expired.');
}

const noDate = (): never => denied('OSS authentication requires a valid Date.', { ec: '0002-00000505' });

/** Reads V4's form of a time: `20231216T162057Z`. */
export function compactDate(text: string): Date | undefined {
  const [, year, month, day, hour, minute, second] = /^(\d{4})(\d\d)(\d\d)T(\d\d)(\d\d)(\d\d)Z$/.exec(text) ?? [];
  return dateOf(`${year}-${month}-${day}T${hour}:${minute}:${second}Z`);
}

/** RFC 1123, and whatever else says when. */
function dateOf(text: string | undefined): Date | undefined {
  const date = new Date(text ?? '');
  return Number.isNaN(date.getTime()) ? undefined : date;
}

/** @throws RequestTimeTooSkewed, AccessDenied where there is no date */
export function notSkewed(date: Date | undefined, now: Date): void {
  const sent = date ?? noDate();
  if (Math.abs(now.getTime() - sent.getTime()) <= SKEW_MS) return;
  fail('RequestTimeTooSkewed', {
    elements: { MaxAllowedSkewMilliseconds: String(SKEW_MS), RequestTime: isoTime(sent), ServerTime: isoTime(now) },
  });
}

/** Of V1 and V2, of V4, of forms (rest-core.md §2.4, §4.6). */
const mismatchEc = (scheme: Verdict['scheme']): string =>
  scheme.endsWith('-form') ? '0002-00000705' : scheme.startsWith('v4') ? '0002-00000201' : '0002-00000040';

/** Shows what was signed here, so that a client can see where its own text differs. */
function mismatch({ scheme, accessKeyId, signature, check }: Verdict): never {
  const text = check?.stringToSign ?? '';
  // By a pattern: the policy of a form may have two megabytes.
  const bytes = bytesOf(text)
    .toString('hex')
    .toUpperCase()
    .replace(/..(?!$)/g, '$& ');
  const canonical = check?.canonicalRequest;
  return fail('SignatureDoesNotMatch', {
    ec: mismatchEc(scheme),
    elements: {
      OSSAccessKeyId: accessKeyId,
      SignatureProvided: signature,
      StringToSign: text,
      StringToSignBytes: bytes,
      ...(canonical === undefined ? {} : { CanonicalRequest: canonical }),
    },
  });
}
