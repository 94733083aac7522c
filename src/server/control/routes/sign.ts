import { isBucketName } from '../../../store/names.ts';
import { LONGEST_V4_URL_S } from '../../auth/enforce-signature.ts';
import { ownKey } from '../../auth/own-key.ts';
import { isOfSignature, signedUrl, type UrlRequest, USUAL_LIFETIME_S } from '../../auth/presign.ts';
import { hostOf, type Route, wrong } from '../route.ts';

const MOST_REQUESTS = 200;
const methods = ['GET', 'HEAD', 'PUT', 'POST', 'DELETE'] as const;
const versions = ['v1', 'v4'] as const;

interface Asked {
  readonly requests: readonly UrlRequest[];
  readonly seconds: number;
  readonly version: (typeof versions)[number];
}

function askedFrom(body: unknown): Asked {
  const form = `the body must be {"requests": [{"method": "GET", "bucket"?, "key"?, "query"?, "headers"?}, …], "expires"?, "version"?} with at most ${MOST_REQUESTS} requests`;
  const { requests, expires = USUAL_LIFETIME_S, version: word = 'v4', ...rest } = objectOr(body, form);
  if (!Array.isArray(requests) || requests.length > MOST_REQUESTS || Object.keys(rest).length > 0) return wrong(form);
  const seconds = expires as number;
  if (!Number.isInteger(expires) || seconds < 1 || seconds > LONGEST_V4_URL_S)
    wrong(`expires must be an integer of seconds from 1 to ${LONGEST_V4_URL_S}`);
  const version = versions.find((known) => known === word) ?? wrong(`version must be one of ${versions.join(', ')}`);
  return { requests: requests.map(requestFrom), seconds, version };
}

function requestFrom(one: unknown, i: number): UrlRequest {
  const here = `request ${i}`;
  const known = 'method, bucket, key, query, headers';
  const { method: word, bucket = '', key = '', query = {}, headers = {}, ...rest } = objectOr(one, `${here} is none`);
  const [unknown] = Object.keys(rest);
  if (unknown !== undefined) return wrong(`${here}: there is no ${unknown}; known are ${known}`);
  const method = methods.find((name) => name === word) ?? wrong(`${here}: method must be one of ${methods.join(', ')}`);
  if (typeof bucket !== 'string' || (bucket !== '' && !isBucketName(bucket)))
    return wrong(`${here}: bucket must be a bucket’s name, or empty for the service`);
  if (typeof key !== 'string' || (key !== '' && bucket === ''))
    return wrong(`${here}: key must be a text, in a bucket`);
  const pairs = textsIn(query, `${here}: query`);
  const taken = pairs.find(([name]) => isOfSignature(name));
  if (taken !== undefined) return wrong(`${here}: ${taken[0]} belongs to the signature`);
  const sent = textsIn(headers, `${here}: headers`).map(([name, value]) => [name.toLowerCase(), value.trim()]);
  return { method, bucket, key, pairs, headers: Object.fromEntries(sent) };
}

function textsIn(value: unknown, what: string): readonly (readonly [string, string])[] {
  const form = `${what} must be an object of texts`;
  return Object.entries(objectOr(value, form)).map(([name, one]) =>
    typeof one === 'string' ? ([name, one] as const) : wrong(form),
  );
}

const objectOr = (value: unknown, message: string): Readonly<Record<string, unknown>> =>
  typeof value === 'object' && value !== null && !Array.isArray(value)
    ? (value as Readonly<Record<string, unknown>>)
    : wrong(message);

const route: Route = {
  method: 'POST',
  path: 'sign',
  doc: `Signed URLs on this host, path style: \`{"requests": [{"method", "bucket"?, "key"?, "query"?, "headers"?}, …], "expires"?: seconds, "version"?: "v1"|"v4"}\` gives \`{"urls", "known"}\`, one for each of up to ${MOST_REQUESTS}. \`headers\` are those that the client is going to send. \`known\` is false where only a lenient server takes them: in a namespace whose key has no known secret.`,
  async run(req, { settings, namespace }) {
    const { requests, seconds, version } = askedFrom(await req.json());
    const key = ownKey(settings, namespace);
    const signing = { version, key, region: settings.region, now: new Date(), seconds };
    const place = { host: hostOf(req), style: 'path' } as const;
    const urls = requests.map((asked) => signedUrl(asked, place, signing));
    return { status: 200, json: { urls, known: key?.known ?? false } };
  },
};

export default route;
