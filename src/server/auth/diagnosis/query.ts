/** The query: what of it is signed, and how it is written. */
import { isSignedInV1 } from '../../subresources.ts';
import { urlEncodeAll } from '../../wire.ts';
import { byBytes } from '../v1.ts';
import { otherEncodings } from './resource.ts';
import { type Case, type Cause, decoded, FEW, type Suspect } from './suspect.ts';

type Pair = readonly [name: string, value: string];

/** What carries a signature in a URL is no part of what V1 signs, and last of what others may have left out. */
const OF_SIGNATURES =
  /^(OSSAccessKeyId|Expires|Signature|x-oss-(signature.*|credential|date|expires|access-key-id|additional-headers))$/;

const signedPairs = ({ req, version }: Case): readonly Pair[] =>
  req.pairs.filter(([name]) => (version === 'v1' ? isSignedInV1(name) : name !== 'x-oss-signature'));

const join = (name: string, value: string) => (value === '' ? name : `${name}=${value}`);

function suspect({ req }: Case, pairs: readonly Pair[], cause: string, sentence: string): Suspect {
  return { cause, sentence, signing: { req: { ...req, pairs } } };
}

/** Sub-resources, or any parameter in V2 and V4, that the client did not sign. */
export const queryLeftOut: Cause = function* (asked) {
  const { req, version } = asked;
  const what = version === 'v1' ? 'sub-resource' : 'query parameter';
  const cause = version === 'v1' ? 'sub-resource-left-out' : 'query-left-out';
  const signed = signedPairs(asked);
  const ofClient = signed.filter(([name]) => !OF_SIGNATURES.test(name));
  const without = (left: readonly Pair[]) => req.pairs.filter((pair) => !left.includes(pair));
  for (const pair of ofClient.slice(0, FEW))
    yield suspect(asked, without([pair]), cause, `The client did not sign the ${what} ${pair[0]}.`);
  const ofOss = ofClient.filter(([name]) => name.startsWith('x-oss-'));
  if (ofOss.length > 1)
    yield suspect(asked, without(ofOss), cause, `The client signed no ${what} that begins with x-oss-.`);
  if (ofClient.length > 1) yield suspect(asked, without(ofClient), cause, `The client signed no ${what} at all.`);
  if (version === 'v1') return;
  for (const pair of signed.filter(([name]) => OF_SIGNATURES.test(name)).slice(0, FEW))
    yield suspect(asked, without([pair]), cause, `The client did not sign the ${what} ${pair[0]}.`);
};

/** Parameters that V1 does not sign. */
export const queryTooMuch: Cause = function* (asked) {
  const { req, version } = asked;
  if (version !== 'v1') return;
  const given = req.pairs.filter(([name]) => !OF_SIGNATURES.test(name));
  const query = given
    .map(([name, value]) => join(name, value))
    .sort(byBytes)
    .join('&');
  const odd = given.filter(([name]) => !isSignedInV1(name)).map(([name]) => name);
  if (odd.length === 0) return;
  const sentence = `The client signed query parameters that are no sub-resources, which V1 does not sign: ${odd.slice(0, FEW).join(', ')}.`;
  yield { cause: 'query-signed', sentence, signing: { req, query } };
};

/** Values encoded, not encoded, or in the order in which they came. */
export const queryWriting: Cause = function* (asked) {
  const { req, version } = asked;
  const signed = signedPairs(asked);
  if (signed.length === 0) return;
  const write = (encode: (text: string) => string, sort = true, joined = join): string => {
    const parts = signed.map(([name, value]) => joined(encode(name), encode(value)));
    return (sort ? parts.sort(byBytes) : parts).join('&');
  };
  const as = (query: string, cause: string, sentence: string): Suspect => ({
    cause,
    sentence,
    signing: { req, query },
  });
  const asIs = (text: string) => text;
  const right = version === 'v1' ? asIs : urlEncodeAll;
  if (signed.some(([, value]) => value.includes('%')))
    yield as(
      write((text) => right(decoded(text))),
      'query-encoded-twice-in-url',
      'In the URL a value is percent-encoded twice; the client signed the one that is meant.',
    );
  if (signed.some(([, value]) => value.includes(' ')))
    yield as(
      write((text) => right(text.replaceAll(' ', '+'))),
      'plus-in-url',
      'The URL has a plus that is not encoded, which means a blank; the client signed a plus. In a URL it is %2B.',
    );
  if (version === 'v1') {
    for (const encode of otherEncodings)
      yield as(
        write(encode),
        'query-encoded',
        'The client signed values of the query percent-encoded; V1 signs them as they are.',
      );
  } else {
    yield as(
      write((text) => right(right(text))),
      'query-double-encoded',
      'The client signed the query percent-encoded twice.',
    );
    yield as(write(asIs), 'query-not-encoded', 'The client signed the query without percent-encoding it.');
    for (const encode of otherEncodings)
      yield as(
        write(encode),
        'query-encoded-differently',
        'The client percent-encoded the query otherwise: all but letters, digits and - _ . ~ is to be encoded, / as well.',
      );
    yield as(
      write(right, true, (name, value) => `${name}=${value}`),
      'query-equals-sign',
      'The client signed an equals sign behind a parameter without a value.',
    );
  }
  yield as(
    write(right, false),
    'query-order',
    'The client signed the query in the order in which it stands in the URL; it is to be sorted.',
  );
};
