/** What `--auth strict` refuses, with OSS's answers and in its order (rest-core.md §2.4, §4). */
import type { Bucket } from '../../store/buckets.ts';
import { type ErrorFacts, fail } from '../../store/errors.ts';
import type { StoredObject } from '../../store/objects.ts';
import type { Action } from '../action.ts';
import { isoTime } from '../wire.ts';
import { parameters, queryOf, type SignedRequest } from './credentials.ts';
import type { Verdict } from './index.ts';

/** Clocks may differ by this much. */
const SKEW_MS = 15 * 60 * 1000;
const LONGEST_V4_URL_S = 604_800;

const invalid = (message: string, ec?: string): never => fail('InvalidArgument', { message, ...(ec ? { ec } : {}) });
const denied = (message: string, facts: ErrorFacts = {}): never =>
  fail('AccessDenied', { message, ec: null, ...facts });

/**
 * Refuses a request whose signature OSS would not accept. Anonymous ones pass: what they may do depends on the ACL.
 * @throws InvalidArgument, AccessDenied, RequestTimeTooSkewed, InvalidAccessKeyId, SignatureDoesNotMatch
 */
export function enforceSignature(req: SignedRequest, verdict: Verdict, now: Date): void {
  const { scheme, accessKeyId, outcome } = verdict;
  if (outcome === 'anonymous') return;
  const authorization = req.header('authorization');
  const inQuery = queryOf(req, 'Signature') !== undefined || queryOf(req, 'x-oss-signature') !== undefined;
  if (authorization !== undefined && inQuery) invalid('Only one of header and query authentication is allowed.');
  if (scheme === 'v2') invalid('Authorization header is invalid.');
  enforceTime(req, verdict, now);
  if (outcome === 'unknown-key') fail('InvalidAccessKeyId', { elements: { OSSAccessKeyId: accessKeyId } });
  if (outcome === 'mismatch') mismatch(verdict);
}

function enforceTime(req: SignedRequest, { scheme }: Verdict, now: Date): void {
  if (scheme === 'v1-header') notSkewed(dateOf(req.header('x-oss-date') ?? req.header('date')), now);
  if (scheme === 'v1-url') v1UrlTime(req, now);
  if (scheme === 'v4-header') {
    const credential = parameters(req.header('authorization') ?? '').get('Credential') ?? '';
    if (credential.split('/').length !== 5) invalid('Authorization header is invalid.');
    notSkewed(dateOf(req.header('x-oss-date') ?? req.header('date')), now);
  }
  if (scheme === 'v4-url') v4UrlTime(req, now);
}

function v1UrlTime(req: SignedRequest, now: Date): void {
  const expires = queryOf(req, 'Expires');
  if (expires === undefined || queryOf(req, 'OSSAccessKeyId') === undefined) {
    denied('Query-string authentication requires the Signature, Expires and OSSAccessKeyId parameters', {
      ec: '0002-00000067',
    });
  }
  if (!/^\d+$/.test(expires ?? '')) denied('Invalid date (should be seconds since epoch).', { ec: '0002-00000070' });
  if (Number(expires) * 1000 < now.getTime()) denied('Request has expired.');
}

function v4UrlTime(req: SignedRequest, now: Date): void {
  const expires = queryOf(req, 'x-oss-expires');
  if (expires === undefined) invalid('Missing x-oss-expires in query.', '0002-00000215');
  const seconds = Number(expires);
  if (!/^\d+$/.test(expires ?? '') || seconds < 1 || seconds > LONGEST_V4_URL_S) {
    invalid(`x-oss-expires must be between 1 and ${LONGEST_V4_URL_S}.`, '0002-00000232');
  }
  const from = dateOf(queryOf(req, 'x-oss-date')) ?? noDate();
  if (from.getTime() + seconds * 1000 < now.getTime()) denied('Request has expired.');
}

const noDate = (): never => denied('OSS authentication requires a valid Date.', { ec: '0002-00000505' });

/** RFC 1123, or the compact ISO form of V4. */
function dateOf(text: string | undefined): Date | undefined {
  const compact = /^(\d{4})(\d\d)(\d\d)T(\d\d)(\d\d)(\d\d)Z$/.exec(text ?? '');
  const iso =
    compact === null ? text : `${compact[1]}-${compact[2]}-${compact[3]}T${compact[4]}:${compact[5]}:${compact[6]}Z`;
  const date = new Date(iso ?? '');
  return Number.isNaN(date.getTime()) ? undefined : date;
}

function notSkewed(date: Date | undefined, now: Date): void {
  const sent = date ?? noDate();
  if (Math.abs(now.getTime() - sent.getTime()) <= SKEW_MS) return;
  fail('RequestTimeTooSkewed', {
    elements: { MaxAllowedSkewMilliseconds: String(SKEW_MS), RequestTime: isoTime(sent), ServerTime: isoTime(now) },
  });
}

/** Shows what was signed here, so that a client can see where its own text differs. */
function mismatch({ scheme, accessKeyId, signature, check }: Verdict): never {
  const text = check?.stringToSign ?? '';
  const bytes = [...Buffer.from(text)].map((byte) => byte.toString(16).toUpperCase().padStart(2, '0')).join(' ');
  const canonical = check?.canonicalRequest;
  return fail('SignatureDoesNotMatch', {
    ec: scheme.startsWith('v4') ? '0002-00000201' : '0002-00000040',
    elements: {
      OSSAccessKeyId: accessKeyId,
      SignatureProvided: signature,
      StringToSign: text,
      StringToSignBytes: bytes,
      ...(canonical === undefined ? {} : { CanonicalRequest: canonical }),
    },
  });
}

/** Refuses anonymous callers what no ACL gives them: all that IMM does, above all (media.md §2). @throws AccessDenied */
export function enforceKnownCaller(verdict: Verdict): void {
  if (verdict.outcome === 'anonymous') forbidden();
}

const forbidden = (): never => denied('Anonymous access is forbidden for this operation.', { ec: '0003-00000001' });

/** What an anonymous request is about, as far as its ACLs decide. */
export interface Subject {
  readonly bucket: Bucket;
  readonly object: StoredObject | undefined;
}

/**
 * Refuses what an anonymous caller may not do (rest-core.md §4.8). Known access keys may do everything: there is one owner.
 * @param subject asked only when an ACL could let the caller in
 * @throws AccessDenied
 */
export function enforceAcl(action: Action, subject: () => Subject): void {
  const right = action.anonymous;
  if (right === undefined) forbidden();
  const { bucket, object } = subject();
  const own = object !== undefined && object.acl !== 'default' && right === 'read';
  const acl = own ? object.acl : bucket.acl;
  const allowed = right === 'write' ? acl === 'public-read-write' : acl !== 'private';
  if (allowed) return;
  if (action.on.target === 'bucket')
    denied('Anonymous user has no right to access this bucket.', { ec: '0003-00000001' });
  if (own) denied('You have no right to access this object.', { ec: '0003-00000001' });
  fail('AccessDenied');
}
