/** What a cause of a wrong signature is: a way to write the text that was signed, and what to say when it was that. */
import type { Settings } from '../../config.ts';
import { decodeBytes } from '../../request.ts';
import { bytesOf, textOf } from '../../wire.ts';
import { type Credentials, queryOf, type SignedRequest } from '../credentials.ts';
import { datesOf } from '../v1.ts';
import { additionalV2 } from '../v2.ts';
import { factsV4, type Scope } from '../v4.ts';

export type Version = 'v1' | 'v2' | 'v4';

/** The text that a client may have signed, as it differs from the right one. */
export interface Signing {
  readonly req: SignedRequest;
  /** Path and query as they are written there. */
  readonly path?: string;
  readonly query?: string;
  /** The Date line, or the time of V4. */
  readonly date?: string;
  readonly scope?: Scope;
  readonly payload?: string;
  readonly additional?: readonly string[];
}

export interface Suspect {
  /** For programs: stays the same. */
  readonly cause: string;
  /** For people. */
  readonly sentence: string;
  readonly signing: Signing;
}

/** A request whose signature is wrong, with what its signature is made of. */
export interface Case {
  readonly req: SignedRequest;
  readonly version: Version;
  /** The signature stands in the URL. */
  readonly url: boolean;
  /** The dates that it may be over. */
  readonly dates: readonly string[];
  /** V4 only: as it stands in the credential, right or wrong. */
  readonly scope: Scope;
  readonly additional: readonly string[];
  readonly settings: Pick<Settings, 'region' | 'hosts' | 'port'>;
}

/** One cause, or several that belong together: suspects from the likely to the odd. */
export type Cause = (asked: Case) => Iterable<Suspect>;

/** @returns `undefined` for what has no text of its own: forms, and what can not be read */
export function caseOf(req: SignedRequest, { scheme }: Credentials, settings: Case['settings']): Case | undefined {
  const [, version, place] = /^(v[124])-(header|url)$/.exec(scheme) ?? [];
  if (version === undefined) return undefined;
  const url = place === 'url';
  const common = { req, version: version as Version, url, settings, scope: { date: '', region: '', product: '' } };
  if (version === 'v4') {
    const { credential, time, additional = '' } = factsV4(req, scheme);
    const [, date = '', region = '', product = ''] = credential.split('/');
    const names = additional.split(';').filter((name) => name !== '');
    return { ...common, dates: [time], scope: { date, region, product }, additional: names };
  }
  const expires = version === 'v1' ? 'Expires' : 'x-oss-expires';
  const dates = url ? [queryOf(req, expires) ?? ''] : datesOf(req);
  return { ...common, dates, additional: version === 'v2' ? additionalV2(req, url) : [] };
}

/** The request with other headers; `undefined` takes one away. Names in lower case. */
export function withHeaders(req: SignedRequest, changed: Readonly<Record<string, string | undefined>>): SignedRequest {
  return {
    ...req,
    header: (name) => (Object.hasOwn(changed, name) ? changed[name] : req.header(name)),
    headersStarting(prefix) {
      const all = { ...req.headersStarting(prefix) };
      for (const [name, value] of Object.entries(changed)) {
        if (!name.startsWith(prefix)) continue;
        if (value === undefined) delete all[name.slice(prefix.length)];
        else all[name.slice(prefix.length)] = value;
      }
      return all;
    },
  };
}

/** Of many only so many are tried one by one. */
export const FEW = 12;

/** Percent-decoded once more. */
export const decoded = (text: string): string =>
  textOf(decodeBytes(bytesOf(text).toString('latin1')).toString('latin1'));
