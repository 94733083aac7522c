/**
 * Configurations of buckets are alike: a document is put, kept, shown and removed (rest-core.md §1.7). A file in
 * `configurations/` says what one of them looks like; the actions are derived from it.
 */
import type { Bucket } from '../store/buckets.ts';
import { type ErrorCode, fail } from '../store/errors.ts';
import type { Store } from '../store/store.ts';
import type { Action, Services } from './action.ts';
import { malformed, withPlainFlags } from './configuration-checks.ts';
import { helpPage } from './describe.ts';
import { checkContentMd5 } from './digest.ts';
import { type OssRequest, readBody } from './request.ts';
import { contentOf, readXml, writeXml, type Xml, type XmlElement } from './xml.ts';

/** What of a request a document may depend on. */
type Asking = Pick<OssRequest, 'header' | 'query'>;

export interface Configuration {
  /** The query key that selects it; it is kept under the same name. */
  readonly key: string;
  /** Absent: it is a bucket's. */
  readonly target?: 'service';
  /** A query key that tells one of several from the others. */
  readonly id?: string;
  readonly root: string;
  /** Bytes that a document may have; absent: 64 KiB. What is matched against requests must stay small. */
  readonly largest?: number;
  /** Names of its operations in the OSS API. */
  readonly names: { readonly put: string; readonly get: string; readonly delete?: string };
  /** Absent: 2. */
  readonly tier?: 1 | 3;
  /** What of its behaviour is missing; absent: nothing. */
  readonly stored?: string;
  /** What GET answers when nothing was put: an error, or the content of a document. */
  readonly absent: ErrorCode | Xml;
  /** PUT to a bucket that is not there is MalformedXML with this EC; absent: NoSuchBucket. */
  readonly malformedWithoutBucket?: string;
  /** Refuses what OSS would. @returns the document as it is kept. @throws MalformedXML and others */
  check?(root: XmlElement, req: Asking): XmlElement;
  /** Refuses what does not fit to what is there. */
  admit?(root: XmlElement, bucket: Bucket, store: Store): void;
  /** Makes it act where it is not read when it is needed. `undefined`: it was removed. */
  apply?(root: XmlElement | undefined, bucket: Bucket, store: Store): void;
  /** For a DELETE that removes only a part: what is left. */
  without?(root: XmlElement, req: Asking): XmlElement | undefined;
}

const MAX_BODY = 64 * 1024;

/** The place of a document: that of a bucket, or of the account. */
interface Place {
  get(): string | undefined;
  put(content: string): void;
  remove(): void;
}

function placeOf({ key, id }: Configuration, bucket: Bucket | undefined, req: Asking, store: Store): Place {
  const { configurations } = store;
  if (bucket === undefined) {
    const { account } = configurations;
    return { get: () => account.get(key), put: (text) => account.put(key, text), remove: () => account.remove(key) };
  }
  const name = id === undefined ? '' : (req.query.get(id) ?? '');
  return {
    get: () => configurations.get(bucket, key, name),
    put: (text) => configurations.put(bucket, key, text, name),
    remove: () => configurations.remove(bucket, key, name),
  };
}

/** @param bucketOf is asked when the document itself is right; `undefined` is the account */
function keep(
  configuration: Configuration,
  sent: XmlElement,
  req: Asking,
  bucketOf: () => Bucket | undefined,
  store: Store,
): void {
  const kept = configuration.check?.(sent, req) ?? sent;
  const bucket = bucketOf();
  if (bucket !== undefined) configuration.admit?.(kept, bucket, store);
  placeOf(configuration, bucket, req, store).put(writeXml(configuration.root, contentOf(kept)));
  if (bucket !== undefined) configuration.apply?.(kept, bucket, store);
}

/**
 * Gives a bucket a configuration as its PUT does, for what asks without a request: those that a bucket has one of.
 * @throws MalformedXML and others, as `check` and `admit`
 */
export function configure(configuration: Configuration, sent: XmlElement, bucket: Bucket, store: Store): void {
  keep(configuration, sent, { header: () => undefined, query: new Map() }, () => bucket, store);
}

/** The actions of a configuration. */
export function actionsOf(configuration: Configuration): readonly Action[] {
  const { key, root, names, absent, id, target = 'bucket', stored } = configuration;
  const bucketOf = (req: OssRequest, { store }: Services) =>
    target === 'service' ? undefined : store.buckets.need(req.bucket);
  const action = (method: 'PUT' | 'GET' | 'DELETE', name: string, run: Action['run']): Action => ({
    name,
    on: { method, target, query: id === undefined ? [key] : [key, id] },
    docs: helpPage(name),
    tier: configuration.tier ?? 2,
    ...(stored === undefined ? {} : { coverage: { level: 'stored', because: stored } }),
    run,
  });

  const changed = (req: OssRequest, oss: Services) => {
    const { malformedWithoutBucket: ec } = configuration;
    if (ec !== undefined && oss.store.buckets.get(req.bucket) === undefined) malformed('the bucket does not exist', ec);
    return bucketOf(req, oss);
  };
  const replace = action('PUT', names.put, async (req, oss) => {
    const sent = await readConfiguration(req, root, configuration.largest);
    keep(configuration, sent, req, () => changed(req, oss), oss.store);
    return { status: 200 };
  });

  // That a document is wrong is told even where the bucket is missing: an SDK's test sees it so.
  const put: Action = { ...replace, withoutBucket: true };

  const get = action('GET', names.get, async (req, oss) => {
    const text = placeOf(configuration, bucketOf(req, oss), req, oss.store).get();
    if (text !== undefined) return { status: 200, body: { xml: [root, contentOf(readXml(text, root))] } };
    if (typeof absent === 'string') return fail(absent);
    return { status: 200, body: { xml: [root, absent] } };
  });

  if (names.delete === undefined) return [put, get];
  const remove = action('DELETE', names.delete, async (req, oss) => {
    const bucket = bucketOf(req, oss);
    const place = placeOf(configuration, bucket, req, oss.store);
    const text = place.get();
    const left = text === undefined ? undefined : configuration.without?.(readXml(text, root), req);
    if (left === undefined) place.remove();
    else place.put(writeXml(root, contentOf(left)));
    if (bucket !== undefined) configuration.apply?.(left, bucket, oss.store);
    return { status: 204 };
  });
  return [put, get, remove];
}

/** Reads a document in a body. @param most bytes @throws MalformedXML, InvalidDigest, EntityTooLarge */
export async function readConfiguration(req: OssRequest, root: string, most = MAX_BODY): Promise<XmlElement> {
  const body = await readBody(req, most);
  checkContentMd5(req, body);
  return withPlainFlags(readXml(body.toString('utf8'), root));
}

/** Texts whose reading is remembered, per reader. */
const REMEMBERED = 100;

/**
 * Makes what reads a configuration where it acts. Most requests ask for the same few: each text is read once.
 * @param read gets what `check` let pass
 */
export function configurationReader<T>(
  { key, root }: Pick<Configuration, 'key' | 'root'>,
  read: (root: XmlElement) => T,
): (store: Store, bucket: Bucket) => T | undefined {
  const known = new Map<string, T>();
  return (store, bucket) => {
    const text = store.configurations.get(bucket, key);
    if (text === undefined) return undefined;
    const found = known.get(text);
    if (found !== undefined) return found;
    const fresh = read(readXml(text, root));
    const [oldest] = known.keys();
    if (known.size >= REMEMBERED && oldest !== undefined) known.delete(oldest);
    known.set(text, fresh);
    return fresh;
  };
}
