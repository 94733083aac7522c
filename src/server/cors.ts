/** Cross-origin requests of browsers: which rule of a bucket lets one through, and what the answer then says (rest-core.md §1.1). */
import { type ErrorFacts, fail } from '../store/errors.ts';
import type { Store } from '../store/store.ts';
import type { Settings } from './config.ts';
import { configurationReader } from './configuration.ts';
import { flagIn, textsOf, wholeIn } from './configuration-checks.ts';
import cors from './configurations/cors.ts';
import type { OssRequest } from './request.ts';
import { matchesWildcard } from './wildcard.ts';
import { childrenOf, type XmlElement } from './xml.ts';

interface Rule {
  readonly origins: readonly string[];
  readonly methods: readonly string[];
  readonly headers: readonly string[];
  readonly exposed: readonly string[];
  /** Seconds. */
  readonly maxAge: number | undefined;
}

interface Rules {
  readonly rules: readonly Rule[];
  /** Answers say that they depend on the origin, whether they do or not. */
  readonly vary: boolean;
}

/** What a browser asks, or would have asked, before it sends a request. */
interface Asked {
  readonly origin: string;
  readonly method: string;
  /** In lower case. */
  readonly headers: readonly string[];
}

type Headers = Readonly<Record<string, string>>;

const rulesOf = configurationReader(
  cors,
  (root): Rules => ({
    rules: childrenOf(root, 'CORSRule').map(readRule),
    vary: flagIn(root, 'ResponseVary') === true,
  }),
);

const readRule = (rule: XmlElement): Rule => ({
  origins: textsOf(rule, 'AllowedOrigin'),
  methods: textsOf(rule, 'AllowedMethod'),
  headers: textsOf(rule, 'AllowedHeader'),
  exposed: textsOf(rule, 'ExposeHeader'),
  maxAge: wholeIn(rule, 'MaxAgeSeconds', 0, Number.MAX_SAFE_INTEGER),
});

/** For buckets without rules, where the settings let every page in: what the browser SDKs need to see. */
const open: Rule = {
  origins: ['*'],
  methods: ['GET', 'PUT', 'DELETE', 'POST', 'HEAD'],
  headers: ['*'],
  exposed: [
    ...['ETag', 'Date', 'Content-Length', 'Content-Range', 'x-oss-request-id', 'x-oss-hash-crc64ecma', 'x-oss-ec'],
    ...['x-oss-next-append-position', 'x-oss-version-id', 'x-oss-object-type', 'x-oss-storage-class', 'x-ossite-auth'],
  ],
  maxAge: 600,
};

function rulesFor(req: OssRequest, store: Store, settings: Settings): Rules {
  const bucket = store.buckets.get(req.bucket);
  const own = bucket === undefined ? undefined : rulesOf(store, bucket);
  if (own !== undefined) return own;
  const all = settings.cors === 'all' || (settings.cors === 'auto' && settings.auth !== 'strict');
  return { rules: all ? [open] : [], vary: false };
}

const fits = (rule: Rule, { origin, method, headers }: Asked): boolean =>
  rule.origins.some((pattern) => matchesWildcard(origin, pattern)) &&
  rule.methods.includes(method) &&
  headers.every((name) => rule.headers.some((pattern) => matchesWildcard(name, pattern.toLowerCase())));

/** What an answer says when a rule, the first that fits, lets the request through. */
function grant({ rules, vary }: Rules, asked: Asked): Headers | undefined {
  const rule = rules.find((one) => fits(one, asked));
  if (rule === undefined) return undefined;
  const allowed = asked.headers.length > 0 ? asked.headers : rule.headers;
  const said: Record<string, string | undefined> = {
    'Access-Control-Allow-Origin': rule.origins.includes('*') ? '*' : asked.origin,
    'Access-Control-Allow-Methods': rule.methods.join(', '),
    'Access-Control-Allow-Headers': allowed.join(', ') || undefined,
    'Access-Control-Expose-Headers': rule.exposed.join(', ') || undefined,
    'Access-Control-Max-Age': rule.maxAge === undefined ? undefined : String(rule.maxAge),
    Vary: vary ? 'Origin' : undefined,
  };
  return Object.fromEntries(
    Object.entries(said).flatMap(([name, value]) => (value === undefined ? [] : [[name, value]])),
  );
}

/** Headers for the answer to a request that is no preflight, whether it succeeds or not. */
export function corsHeaders(req: OssRequest, store: Store, settings: Settings): Headers {
  if (req.method === 'OPTIONS') return {};
  const rules = rulesFor(req, store, settings);
  const origin = req.header('origin');
  const granted = origin === undefined ? undefined : grant(rules, { origin, method: req.method, headers: [] });
  return granted ?? (rules.vary ? { Vary: 'Origin' } : {});
}

/**
 * Answers a preflight.
 * @throws BadRequest, AccessForbidden; NoSuchBucket where rules are asked for and there is no bucket to have them
 */
export function preflight(req: OssRequest, store: Store, settings: Settings): Headers {
  const insufficient = (message: string): never => fail('BadRequest', { message });
  const origin = req.header('origin') ?? insufficient('Insufficient information. Origin request header needed.');
  const method =
    req.header('access-control-request-method') ?? insufficient('Request Access-Control-Request-Method header needed.');
  const headers = (req.header('access-control-request-headers') ?? '')
    .split(',')
    .map((name) => name.trim().toLowerCase())
    .filter((name) => name !== '');
  const rules = rulesFor(req, store, settings);
  if (rules.rules.length === 0 && req.target !== 'service') store.buckets.need(req.bucket);
  const refusal: ErrorFacts = rules.vary ? { headers: { Vary: 'Origin' } } : {};
  return grant(rules, { origin, method, headers }) ?? fail('AccessForbidden', refusal);
}
