/** Hotlink protection: whose pages may show a bucket's objects (rest-core.md §1.7). */
import { fail } from '../store/errors.ts';
import type { Store } from '../store/store.ts';
import { configurationReader } from './configuration.ts';
import { flagIn, textsOf } from './configuration-checks.ts';
import referer from './configurations/referer.ts';
import type { OssRequest } from './request.ts';
import { matchesWildcard } from './wildcard.ts';
import { childOf } from './xml.ts';

interface Rules {
  readonly allowEmpty: boolean;
  readonly cut: 'path' | 'query' | 'nothing';
  readonly allowed: readonly string[];
  readonly denied: readonly string[];
}

const rulesOf = configurationReader(
  referer,
  (root): Rules => ({
    allowEmpty: flagIn(root, 'AllowEmptyReferer') !== false,
    cut:
      flagIn(root, 'TruncatePath') === true
        ? 'path'
        : flagIn(root, 'AllowTruncateQueryString') === false
          ? 'nothing'
          : 'query',
    allowed: textsOf(childOf(root, 'RefererList'), 'Referer').filter((text) => text !== ''),
    denied: textsOf(childOf(root, 'RefererBlacklist'), 'Referer').filter((text) => text !== ''),
  }),
);

/**
 * Refuses a read or write of an object that a page of the wrong site asks for. Requests signed in their header pass: a
 * page can not send those without its own script.
 * @throws AccessDenied
 */
export function enforceReferer(req: OssRequest, store: Store): void {
  const { outcome, scheme } = req.auth;
  const byAddressAlone = outcome === 'anonymous' || scheme.endsWith('-url');
  if (req.target !== 'object' || req.method === 'OPTIONS' || !byAddressAlone) return;
  const bucket = store.buckets.get(req.bucket);
  const rules = bucket === undefined ? undefined : rulesOf(store, bucket);
  if (rules === undefined || isAllowed(req.header('referer') ?? '', rules)) return;
  fail('AccessDenied', { message: 'You are denied by bucket referer policy.', ec: null });
}

/** Browsers send 4096 bytes at most; what is longer is no page, and would take long to compare. */
const LONGEST = 8 * 1024;

/** The order is OSS's. An empty list of allowed ones allows all (assumed: SDKs put that to remove the protection). */
function isAllowed(sent: string, { allowEmpty, cut, allowed, denied }: Rules): boolean {
  if (sent === '') return allowEmpty || allowed.length === 0;
  if (sent.length > LONGEST) return allowed.length === 0 && denied.length === 0;
  const page = cutOff(sent, cut);
  if (denied.some((pattern) => isOf(page, pattern))) return false;
  return allowed.length === 0 || allowed.some((pattern) => isOf(page, pattern));
}

function cutOff(page: string, cut: Rules['cut']): string {
  if (cut === 'nothing') return page;
  const withoutQuery = page.replace(/[?#].*$/s, '');
  return cut === 'query' ? withoutQuery : withoutQuery.replace(/^([a-z][a-z0-9+.-]*:\/\/[^/]*)\/.*$/is, '$1');
}

/** A pattern covers the beginning of an address; one without a scheme stands for every scheme (assumed). */
function isOf(page: string, pattern: string): boolean {
  const options = { single: true, prefix: true };
  if (matchesWildcard(page, pattern, options)) return true;
  return !pattern.includes('://') && matchesWildcard(page.replace(/^[a-z][a-z0-9+.-]*:\/\//i, ''), pattern, options);
}
