/** Writes and signs what a client may have signed. */
import { createHmac } from 'node:crypto';
import { isSignedInV1 } from '../../subresources.ts';
import { urlEncodeAll } from '../../wire.ts';
import type { Check } from '../credentials.ts';
import { equal, pathOf, queryV1, signV1, stringToSignV1 } from '../v1.ts';
import { queryV2, signV2, stringToSignV2 } from '../v2.ts';
import { canonicalRequestV4, type Scope, signingKeyV4, stringToSignV4, usual } from '../v4.ts';
import type { Case, Signing } from './suspect.ts';

/** A text to sign, and the scope it is signed in. */
export interface Text extends Pick<Check, 'stringToSign' | 'canonicalRequest'> {
  readonly scope: Scope;
}

/** The texts a signing may come to: one for each date it may be over. */
export function textsOf(asked: Case, signing: Signing): readonly Text[] {
  const dates = signing.date === undefined ? asked.dates : [signing.date];
  return dates.map((date) => textOf(asked, signing, date));
}

function textOf({ version, scope: own, additional: listed }: Case, signing: Signing, date: string): Text {
  const { req, path, query, payload, scope = own, additional = listed } = signing;
  const marked = (text: string) => (text === '' ? '' : `?${text}`);
  if (version === 'v1') {
    const signed = query === undefined ? queryV1(req.pairs.filter(([name]) => isSignedInV1(name))) : marked(query);
    return { scope, stringToSign: stringToSignV1(req, date, (path ?? pathOf(req)) + signed) };
  }
  if (version === 'v2') {
    const resource = (path ?? urlEncodeAll(pathOf(req))) + marked(query ?? queryV2(req));
    return { scope, stringToSign: stringToSignV2(req, date, additional, resource) };
  }
  const written = Object.fromEntries(Object.entries({ path, query, payload }).filter(([, text]) => text !== undefined));
  const canonicalRequest = canonicalRequestV4(req, additional, { ...usual, ...written });
  return { scope, stringToSign: stringToSignV4(canonicalRequest, date, scope), canonicalRequest };
}

/** Signs, as long as there is something left of what it may cost. */
export interface Signer {
  /** Whether a text, signed with the secret, has the signature. @returns false when nothing is left */
  fits(text: Text, secret: string): boolean;
}

/** HMACs that one request may cost. */
export const MOST_HMACS = 190;

/** @param signature as it was received */
export function createSigner({ version, url }: Pick<Case, 'version' | 'url'>, signature: string): Signer {
  const sent = url && version !== 'v4' ? signature.replaceAll(' ', '+') : signature;
  const tried = new Set<string>();
  const keys = new Map<string, Buffer>();
  let left = MOST_HMACS;

  function signingKey(scope: Scope, secret: string): Buffer {
    const name = JSON.stringify([scope, secret]);
    const made = keys.get(name) ?? signingKeyV4(scope, secret);
    if (!keys.has(name)) left -= 4;
    keys.set(name, made);
    return made;
  }

  return {
    fits({ stringToSign, scope }, secret) {
      const name = JSON.stringify([stringToSign, secret]);
      // A new scope costs five.
      if (tried.has(name) || left < 5) return false;
      tried.add(name);
      left -= 1;
      if (version === 'v1') return equal(signV1(stringToSign, secret), sent);
      if (version === 'v2') return equal(signV2(stringToSign, secret), sent);
      return equal(createHmac('sha256', signingKey(scope, secret)).update(stringToSign).digest('hex'), sent);
    },
  };
}
