/**
 * Why a signature is not taken, said so that its client can be set right. What the client signed is not in the request; but
 * mistakes are few. So the text is written once for each of them and signed with the known secret: where that is the signature
 * that came, the client's own text is known to the letter.
 */
import { OssError } from '../../../store/errors.ts';
import { base64Text } from '../../../store/names.ts';
import type { Settings } from '../../config.ts';
import type { AccessKey } from '../../setting-kinds.ts';
import type { Check, SignedRequest } from '../credentials.ts';
import { enforceSignature } from '../enforce-signature.ts';
import { FORM_REGION } from '../form.ts';
import type { Verdict } from '../index.ts';
import { equal } from '../v1.ts';
import { additional, contentMd5, contentType, date, ossHeaders, payload, timeZone } from './headers.ts';
import { queryLeftOut, queryTooMuch, queryWriting } from './query.ts';
import { bucketPlace, keyEncoding, keyInUrl } from './resource.ts';
import { credential, day, method, region } from './scope.ts';
import { otherSecrets } from './secrets.ts';
import { createSigner, type Signer, textsOf } from './sign.ts';
import { type Case, type Cause, caseOf } from './suspect.ts';

export interface Diagnosis extends Partial<Pick<Check, 'stringToSign' | 'canonicalRequest'>> {
  /** For programs: stays the same. */
  readonly cause: string;
  /** For people. */
  readonly sentence: string;
}

type Known = Pick<Settings, 'access-keys' | 'sts-tokens' | 'region' | 'hosts' | 'port'>;

/** The likely ones first: what a request may cost is limited. */
const causes: readonly Cause[] = [
  ...[credential, keyInUrl, keyEncoding, bucketPlace, contentType, contentMd5, method, region, payload, date],
  ...[ossHeaders, queryLeftOut, queryTooMuch, queryWriting, additional, day, timeZone],
];

/**
 * @param now by the machine's clock
 * @returns `undefined` when there is nothing to say: of a request that is right, or signs nothing
 */
export function diagnose(req: SignedRequest, verdict: Verdict, settings: Known, now: Date): Diagnosis | undefined {
  const { outcome, scheme } = verdict;
  if (outcome === 'anonymous' || outcome === 'unchecked') return undefined;
  const found = outcome === 'mismatch' ? wrongSignature(req, verdict, settings) : undefined;
  if (found !== undefined) return found;
  if (outcome === 'unknown-key' && keysOf(settings).some(({ secret }) => secret === verdict.accessKeyId))
    return {
      cause: 'id-and-secret-swapped',
      sentence: 'The client sends the secret in the place of the access key id.',
    };
  const elsewhere = outcome === 'ok' ? otherRegion(req, verdict, settings) : undefined;
  const told = elsewhere ?? refusal(req, verdict, now, settings.region);
  if (told !== undefined || outcome === 'ok') return told;
  const isForm = scheme.endsWith('-form');
  const likely = `Most likely the client’s secret is another than that of the access key ${verdict.accessKeyId}`;
  const sentence = isForm
    ? `${likely}; else the policy was changed after it was signed.`
    : `${TRIED} ${likely}; else it signed another resource than it asks for.`;
  return { cause: 'secret', sentence };
}

const TRIED =
  'No usual mistake gives this signature: key, bucket or query written otherwise, parameters or headers left out, another Content-Type, method, date, region or host, blanks around the secret, another known key’s.';

/** @returns `undefined` where none of the mistakes gives the signature */
function wrongSignature(req: SignedRequest, verdict: Verdict, settings: Known): Diagnosis | undefined {
  const key = keyOf(verdict, settings);
  if (key === undefined || verdict.check === undefined) return undefined;
  const { stringToSign, canonicalRequest, expected } = verdict.check;
  const own = { stringToSign, ...(canonicalRequest === undefined ? {} : { canonicalRequest }) };
  if (verdict.signature.includes('%') && equal(decodeSignature(verdict.signature), expected))
    return { cause: 'signature-encoded', sentence: 'The signature is percent-encoded twice.', ...own };
  const asked = caseOf(req, verdict, settings);
  if (asked === undefined) return ofForm(verdict, key, settings);
  const signer = createSigner(asked, verdict.signature);
  return bySecret(asked, signer, key, settings) ?? byText(asked, signer, key);
}

const decodeSignature = (signature: string): string =>
  signature.replace(/%2B/gi, '+').replace(/%2F/gi, '/').replace(/%3D/gi, '=');

function bySecret(asked: Case, signer: Signer, key: AccessKey, settings: Known): Diagnosis | undefined {
  const texts = textsOf(asked, { req: asked.req });
  for (const { secret, ...told } of otherSecrets(key, settings)) {
    const { scope: _, ...text } = texts.find((one) => signer.fits(one, secret)) ?? {};
    if ('stringToSign' in text) return { ...told, ...text };
  }
  return undefined;
}

function byText(asked: Case, signer: Signer, { secret }: AccessKey): Diagnosis | undefined {
  for (const cause of causes) {
    for (const { signing, ...told } of cause(asked)) {
      const { scope: _, ...text } = textsOf(asked, signing).find((one) => signer.fits(one, secret)) ?? {};
      if ('stringToSign' in text) return { ...told, ...text };
    }
  }
  return undefined;
}

/** A form's text is its policy, as it came. */
function ofForm({ check, signature, signForm }: Verdict, key: AccessKey, settings: Known): Diagnosis | undefined {
  const stringToSign = check?.stringToSign ?? '';
  const fits = (text: string, secret: string) => signForm !== undefined && equal(signForm(text, secret), signature);
  for (const { secret, ...told } of otherSecrets(key, settings))
    if (fits(stringToSign, secret)) return { ...told, stringToSign };
  const policy = base64Text(stringToSign);
  if (policy === undefined || !fits(policy, key.secret)) return undefined;
  const sentence = 'The client signed the policy itself; what is signed is its Base64, as the form has it.';
  return { cause: 'policy-not-encoded', sentence, stringToSign: policy };
}

const keysOf = (settings: Known): readonly AccessKey[] => [...settings['access-keys'], ...settings['sts-tokens']];

/** The one whose secret the signature was checked with. */
const keyOf = ({ accessKeyId, token }: Verdict, settings: Known): AccessKey | undefined =>
  (token === undefined
    ? undefined
    : settings['sts-tokens'].find((key) => key.token === token && key.id === accessKeyId)) ??
  keysOf(settings).find(({ id }) => id === accessKeyId);

/** What `--auth strict` would refuse, or has refused, for another reason than the signature itself. */
function refusal(req: SignedRequest, verdict: Verdict, now: Date, region: string): Diagnosis | undefined {
  const error = verdict.scheme.endsWith('-form') ? verdict.refusal : refusalOf(req, verdict, now, region);
  if (error === undefined || error.code === 'SignatureDoesNotMatch') return undefined;
  return { cause: causeOf(error), sentence: sentenceOf(error, verdict) };
}

function refusalOf(req: SignedRequest, verdict: Verdict, now: Date, region: string): OssError | undefined {
  try {
    enforceSignature(req, verdict, { now, region, needBucket: () => {} });
    return undefined;
  } catch (error) {
    if (error instanceof OssError) return error;
    throw error;
  }
}

const EXPIRED = 'Request has expired.';

const causeByCode: Readonly<Partial<Record<string, string>>> = {
  InvalidAccessKeyId: 'unknown-key',
  RequestTimeTooSkewed: 'clock',
  InvalidSecurityToken: 'token',
  AccessKeyIdAndSecurityTokenNotMatch: 'token',
  SecurityTokenExpired: 'token-expired',
};

const causeOf = ({ code, message, ec }: OssError): string =>
  causeByCode[code] ?? (message === EXPIRED ? 'expired' : ec === FORM_REGION ? 'region' : 'syntax');

function sentenceOf({ code, message, ec, elements }: OssError, { accessKeyId, token }: Verdict): string {
  const id = accessKeyId === '' ? 'without an id' : accessKeyId;
  switch (code) {
    case 'InvalidAccessKeyId':
      return token === undefined
        ? `The server does not know the access key ${id}: the setting access-keys has those it knows.`
        : `The server does not know the temporary access key ${id}: the setting sts-tokens has those it knows.`;
    case 'RequestTimeTooSkewed': {
      const [sent = 0, here = 0] = [elements.RequestTime, elements.ServerTime].map((time) => Date.parse(String(time)));
      const minutes = Math.round(Math.abs(sent - here) / 60_000);
      return `The request is from ${String(elements.RequestTime)}, ${minutes} min ${sent < here ? 'before' : 'after'} the time of this machine: a clock is wrong, or a time zone was taken for UTC. 15 min are allowed.`;
    }
    case 'InvalidSecurityToken':
      return 'The server does not know the security token: the setting sts-tokens has those it knows.';
    case 'AccessKeyIdAndSecurityTokenNotMatch':
      return `The security token belongs to another access key than ${id}.`;
    case 'SecurityTokenExpired':
      return 'The security token has expired: the setting sts-tokens says when.';
    default:
      if (message === EXPIRED) return 'The time until which the URL was to be good is over.';
      return ec === FORM_REGION
        ? 'The form is signed for another region than the server’s, which the setting region names: OSS refuses that, and so does --auth strict.'
        : `The signature is not of the form that OSS wants: ${message}`;
  }
}

/** Without `strict` any region is taken. */
function otherRegion(req: SignedRequest, verdict: Verdict, settings: Known): Diagnosis | undefined {
  const asked = caseOf(req, verdict, settings);
  const { region: named } = asked?.scope ?? { region: '' };
  if (asked?.version !== 'v4' || named === settings.region) return undefined;
  return {
    cause: 'region',
    sentence: `The signature is for the region ${named}, and the server’s is ${settings.region}: OSS refuses that, and so does --auth strict.`,
  };
}
