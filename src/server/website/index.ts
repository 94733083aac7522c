/** Static websites: what a bucket shows to visitors who sign nothing (rest-core.md §1.7). */
import { fail, OssError } from '../../store/errors.ts';
import type { Store } from '../../store/store.ts';
import { configurationReader } from '../configuration.ts';
import website from '../configurations/website.ts';
import { selectsPage } from '../list-page.ts';
import type { Reply } from '../reply.ts';
import type { OssRequest } from '../request.ts';
import { selects } from '../subresources.ts';
import { urlEncode } from '../wire.ts';
import { childOf, childText } from '../xml.ts';
import { type RoutingRule, readRules, rewritten, ruleFor } from './rules.ts';

interface Site {
  readonly index: string | undefined;
  /** Each directory has an index of its own. */
  readonly subdirectories: boolean;
  /** What `docs` means when there is no such object, but an index in `docs/`. */
  readonly bareDirectory: 'redirect' | 'missing' | 'index';
  readonly error: { readonly key: string; readonly status: number } | undefined;
  readonly rules: readonly RoutingRule[];
}

type Perform = (req: OssRequest) => Promise<Reply>;

const siteAt = configurationReader(website, (root): Site => {
  const index = childOf(root, 'IndexDocument');
  const error = childOf(root, 'ErrorDocument');
  const type = Number((index && childText(index, 'Type')) ?? 0);
  return {
    index: index && childText(index, 'Suffix')?.trim(),
    subdirectories: index !== undefined && childText(index, 'SupportSubDir')?.trim() === 'true',
    bareDirectory: type === 1 ? 'missing' : type === 2 ? 'index' : 'redirect',
    error: error && {
      key: childText(error, 'Key')?.trim() ?? '',
      status: Number(childText(error, 'HttpStatus') ?? 404),
    },
    rules: readRules(root),
  };
});

/** The website that a request visits: one that signs nothing, selects nothing and only wants to read. */
function visited(req: OssRequest, store: Store): Site | undefined {
  if (req.auth.outcome !== 'anonymous' || req.target === 'service') return undefined;
  if (req.method !== 'GET' && req.method !== 'HEAD') return undefined;
  // No object can be called so, and as a Location it would be the name of a host.
  if (/^[/\\]/.test(req.key)) return undefined;
  if ([...req.query.keys()].some((name) => selects.has(name) && name !== 'x-oss-process')) return undefined;
  if (req.target === 'bucket' && selectsPage(req)) return undefined;
  const bucket = store.buckets.get(req.bucket);
  return bucket === undefined ? undefined : siteAt(store, bucket);
}

/**
 * Answers a request as the bucket's website would, where it has one.
 * @param perform answers a request as a bucket does
 * @throws what `perform` does; MirrorFailed
 */
export async function visit(req: OssRequest, store: Store, perform: Perform): Promise<Reply> {
  const site = visited(req, store);
  if (site === undefined) return perform(req);
  const early = ruleFor(site.rules, req.key, req.header, undefined);
  if (early !== undefined) return follow(early, req, perform);
  const page = pageOf(site, req);
  try {
    return await perform(page);
  } catch (error) {
    if (!(error instanceof OssError)) throw error;
    const rule = ruleFor(site.rules, req.key, req.header, error.status);
    if (rule !== undefined) return follow(rule, req, perform);
    const shown = error.code === 'NoSuchKey' ? await insteadOf(site, req, page.key, perform) : undefined;
    if (shown === undefined) throw error;
    return shown;
  }
}

const object = (req: OssRequest, key: string): OssRequest => ({ ...req, target: 'object', key });

/** `/` and what ends in `/` is an index: of that directory, or of the whole site. */
function pageOf({ index, subdirectories }: Site, req: OssRequest): OssRequest {
  if (index === undefined || (req.key !== '' && !req.key.endsWith('/'))) return req;
  return object(req, subdirectories ? req.key + index : index);
}

/** What is shown in the place of a page that is not there. */
async function insteadOf(site: Site, req: OssRequest, key: string, perform: Perform): Promise<Reply | undefined> {
  const { index, subdirectories, bareDirectory, error } = site;
  if (index !== undefined && subdirectories && bareDirectory !== 'missing' && !key.endsWith(`/${index}`)) {
    const inside = await unlessMissing(perform(object(req, `${key}/${index}`)));
    if (inside !== undefined && bareDirectory === 'index') return inside;
    if (inside !== undefined) {
      await discard(inside);
      return { status: 302, headers: { Location: `${pathTo(req, key)}/` } };
    }
  }
  if (error === undefined) return undefined;
  // The visitor asked for a part, or for news, of another page.
  const whole = { ...object(req, error.key), query: new Map<string, string>(), header: plainHeader(req) };
  const shown = await unlessMissing(perform(whole));
  return shown && { ...shown, status: error.status };
}

const plainHeader =
  (req: OssRequest): OssRequest['header'] =>
  (name) =>
    name === 'range' || name.startsWith('if-') ? undefined : req.header(name);

async function unlessMissing(reply: Promise<Reply>): Promise<Reply | undefined> {
  try {
    return await reply;
  } catch (error) {
    if (error instanceof OssError && error.code === 'NoSuchKey') return undefined;
    throw error;
  }
}

async function discard({ body }: Reply): Promise<void> {
  if (body !== undefined && 'handle' in body) await body.handle.close();
}

/** Where the visitor finds a key, in the way in which this request names the bucket. */
const pathTo = (req: OssRequest, key: string): string =>
  `${req.style === 'path' ? `/${req.bucket}` : ''}/${urlEncode(key)}`;

function follow(rule: RoutingRule, req: OssRequest, perform: Perform): Promise<Reply> {
  const { redirect } = rule;
  if (redirect.type === 'Mirror') {
    return fail('MirrorFailed', {
      elements: { Detail: 'A rule of type Mirror fits, and this emulator fetches nothing from other servers.' },
    });
  }
  const key = rewritten(rule, req.key);
  // Rules are tried once: an internal redirect can not lead in a circle.
  if (redirect.type === 'Internal') return perform(object(req, key));
  const { host, protocol = 'http' } = redirect;
  const place = host === undefined ? pathTo(req, key) : `/${urlEncode(key)}`;
  const query = redirect.passQuery ? queryText(req) : '';
  // Without a host the visitor stays at the one that was asked.
  const origin = host === undefined && redirect.protocol === undefined ? '' : `${protocol}://${host ?? req.host}`;
  return Promise.resolve({ status: redirect.code, headers: { Location: `${origin}${place}${query}` } });
}

function queryText({ query }: OssRequest): string {
  const text = new URLSearchParams([...query]).toString();
  return text === '' ? '' : `?${text}`;
}
