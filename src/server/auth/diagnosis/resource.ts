/** The resource: bucket and key, and how they are encoded. */
import { urlEncode, urlEncodeAll } from '../../wire.ts';
import { pathOf } from '../v1.ts';
import { type Case, type Cause, decoded, type Suspect } from './suspect.ts';

/** How each version writes the path. */
const written: Readonly<Record<Case['version'], (path: string) => string>> = {
  v1: (path) => path,
  v2: urlEncodeAll,
  v4: urlEncode,
};

const component = (text: string): string => encodeURIComponent(text.toWellFormed());
const bySegment = (text: string): string => text.split('/').map(component).join('/');

/** Ways in which libraries encode, beside the one of `urlEncode`; each may be a mistake. */
export const otherEncodings: readonly ((text: string) => string)[] = [
  urlEncode,
  urlEncodeAll,
  component,
  bySegment,
  (text) => encodeURI(text.toWellFormed()),
  (text) => bySegment(text).replaceAll('%20', '+'),
  (text) => component(text).replaceAll('%20', '+'),
  (text) => urlEncode(text).replace(/%[0-9A-F]{2}/g, (hex) => hex.toLowerCase()),
];

function suspect({ req }: Case, path: string, cause: string, sentence: string): Suspect {
  return { cause, sentence, signing: { req, path } };
}

/** Encoded twice, not at all, or otherwise than the version wants it. */
export const keyEncoding: Cause = function* (asked) {
  const { req, version } = asked;
  const { bucket, key } = req;
  if (key === '') return;
  const at = (text: string) => `/${bucket}/${text}`;
  const twice = 'The client signed the key percent-encoded twice.';
  if (version === 'v1') {
    for (const encode of otherEncodings) {
      const once = encode(key);
      yield suspect(asked, at(once), 'encoded-key', 'The client signed the key percent-encoded; V1 signs it as it is.');
      yield suspect(asked, at(encode(once)), 'double-encoded-key', twice);
    }
    return;
  }
  for (const encode of [urlEncode, urlEncodeAll])
    yield suspect(asked, written[version](at(encode(key))), 'double-encoded-key', twice);
  yield suspect(asked, pathOf(req), 'key-not-encoded', 'The client signed the key without percent-encoding it.');
  const otherwise = `The client percent-encoded the key otherwise than ${version.toUpperCase()} wants it: there all but letters, digits and - _ . ~ is encoded${version === 'v4' ? ', and / is not' : ', / as well'}.`;
  for (const encode of otherEncodings) {
    yield suspect(asked, at(encode(key)), 'key-encoded-differently', otherwise);
    yield suspect(asked, encode(pathOf(req)), 'key-encoded-differently', otherwise);
  }
};

/** The key on the way is another than the one that was signed. */
export const keyInUrl: Cause = function* (asked) {
  const { req, version } = asked;
  const { key } = req;
  const as = (other: string, cause: string, sentence: string) =>
    suspect(asked, written[version](pathOf({ ...req, key: other })), cause, sentence);
  if (key.includes('%'))
    yield as(
      decoded(key),
      'key-encoded-twice-in-url',
      'In the URL the key is percent-encoded twice; the client signed the key that is meant.',
    );
  if (key.includes(' '))
    yield as(
      key.replaceAll(' ', '+'),
      'plus-in-url',
      'The URL has a plus that is not encoded, which means a blank; the client signed a plus. In a URL it is %2B.',
    );
  if (key.startsWith('/'))
    yield as(key.slice(1), 'leading-slash', 'The client signed the key without its leading slash.');
  else if (key !== '') yield as(`/${key}`, 'leading-slash', 'The client signed the key with a slash before it.');
};

/** A client that takes the host for another than the server does. */
export const bucketPlace: Cause = function* (asked) {
  const { req, version } = asked;
  const { bucket, key } = req;
  if (bucket === '') return;
  const write = written[version];
  yield suspect(
    asked,
    write(`/${key}`),
    'bucket-left-out',
    'The client left the bucket out of the resource; it is always in it, wherever it is in the URL.',
  );
  yield suspect(
    asked,
    write(`/${bucket}/${bucket}/${key}`),
    'bucket-doubled',
    'The client signed the bucket twice: as if it were in the host and in the path.',
  );
  if (key === '')
    yield suspect(asked, write(`/${bucket}`), 'bucket-slash', 'The client signed /bucket without the slash behind it.');
};
