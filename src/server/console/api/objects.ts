/** Buckets and objects by the API of OSS: what the console asks about them, and changes. */
import { childrenOf, oss, ossXml, textIn } from './oss.ts';

export const bucketAcls = ['private', 'public-read', 'public-read-write'] as const;
export type BucketAcl = (typeof bucketAcls)[number];

export interface Bucket {
  readonly name: string;
  readonly created: string;
  readonly storageClass: string;
}

/** Keys and folders that an answer of a listing has. */
export const PAGE = 100;

/** Most that one answer can have: for reading through many. */
export const MOST = 1000;

/** Buckets in the order of their names. @param marker the last name of the page before */
export async function listBuckets(
  marker: string,
  signal: AbortSignal,
): Promise<{ readonly buckets: readonly Bucket[]; readonly next: string | undefined }> {
  const query = { marker, 'max-keys': String(PAGE) };
  const root = await ossXml({ method: 'GET', query }, { signal });
  const buckets = childrenOf(root, 'Buckets').flatMap((all) => childrenOf(all, 'Bucket'));
  return {
    buckets: buckets.map((one) => ({
      name: textIn(one, 'Name'),
      created: textIn(one, 'CreationDate'),
      storageClass: textIn(one, 'StorageClass'),
    })),
    next: textIn(root, 'NextMarker') || undefined,
  };
}

export interface BucketState {
  readonly acl: string;
  /** Empty: never switched on. */
  readonly versioning: '' | 'Enabled' | 'Suspended';
}

export async function bucketState(bucket: string, signal: AbortSignal): Promise<BucketState> {
  const root = await ossXml({ method: 'GET', bucket, query: { bucketInfo: '' } }, { signal });
  const [info] = childrenOf(root, 'Bucket');
  const [acl] = info === undefined ? [] : childrenOf(info, 'AccessControlList');
  return {
    acl: acl === undefined ? '' : textIn(acl, 'Grant'),
    versioning: (info === undefined ? '' : textIn(info, 'Versioning')) as BucketState['versioning'],
  };
}

export const createBucket = (bucket: string, acl: BucketAcl): Promise<Response> =>
  oss({ method: 'PUT', bucket, headers: { 'x-oss-acl': acl } });

export const deleteBucket = (bucket: string): Promise<Response> => oss({ method: 'DELETE', bucket });

/** An object, or in a listing of versions one of them. */
export interface Listed {
  readonly key: string;
  readonly size: number;
  readonly modified: string;
  readonly storageClass: string;
  readonly type: string;
  readonly etag: string;
  /** Those that follow: only in a listing of versions. */
  readonly versionId?: string;
  readonly isLatest?: boolean;
  readonly isMarker?: boolean;
}

export interface KeyPage {
  readonly objects: readonly Listed[];
  readonly folders: readonly string[];
  /** What leads to the page behind. */
  readonly next: string | undefined;
}

export interface Wanted {
  readonly bucket: string;
  readonly prefix: string;
  /** `/` gathers into folders. */
  readonly delimiter?: '/';
  /** Of the page before. */
  readonly token?: string;
  readonly most?: number;
}

/** Names come percent-encoded: XML could not carry all of them. */
const ENCODED = { 'encoding-type': 'url' };

const nameIn = (of: Element, name: string): string => decodeURIComponent(textIn(of, name));

const rangeOf = ({ prefix, delimiter, most = PAGE }: Wanted) => ({
  ...ENCODED,
  prefix,
  'max-keys': String(most),
  ...(delimiter === undefined ? {} : { delimiter }),
});

const listed = (one: Element): Listed => ({
  key: nameIn(one, 'Key'),
  size: Number(textIn(one, 'Size')),
  modified: textIn(one, 'LastModified'),
  storageClass: textIn(one, 'StorageClass'),
  type: textIn(one, 'Type'),
  etag: textIn(one, 'ETag'),
});

const foldersIn = (root: Element) => childrenOf(root, 'CommonPrefixes').map((one) => nameIn(one, 'Prefix'));

/** Keys in the order of their bytes. */
export async function listKeys(wanted: Wanted, signal: AbortSignal): Promise<KeyPage> {
  const { bucket, token } = wanted;
  const query = { 'list-type': '2', ...rangeOf(wanted), ...(token ? { 'continuation-token': token } : {}) };
  const root = await ossXml({ method: 'GET', bucket, query }, { signal });
  return {
    objects: childrenOf(root, 'Contents').map(listed),
    folders: foldersIn(root),
    next: textIn(root, 'NextContinuationToken') || undefined,
  };
}

/** Versions and delete markers, the newest of each key first. Its token is key and version behind which it goes on. */
export async function listVersions(wanted: Wanted, signal: AbortSignal): Promise<KeyPage> {
  const { bucket, token } = wanted;
  const [key = '', version = ''] = token ? (JSON.parse(token) as readonly string[]) : [];
  const markers = token ? { 'key-marker': key, 'version-id-marker': version } : {};
  const query = { versions: '', ...rangeOf(wanted), ...markers };
  const root = await ossXml({ method: 'GET', bucket, query }, { signal });
  const isTruncated = textIn(root, 'IsTruncated') === 'true';
  return {
    objects: [...root.children]
      .filter(({ tagName }) => tagName === 'Version' || tagName === 'DeleteMarker')
      .map((one) => ({
        ...listed(one),
        versionId: textIn(one, 'VersionId'),
        isLatest: textIn(one, 'IsLatest') === 'true',
        isMarker: one.tagName === 'DeleteMarker',
      })),
    folders: foldersIn(root),
    next: isTruncated
      ? JSON.stringify([nameIn(root, 'NextKeyMarker'), textIn(root, 'NextVersionIdMarker')])
      : undefined,
  };
}

/** All versions of one key. Others that begin with it come behind. */
export async function versionsOf(bucket: string, key: string, signal: AbortSignal): Promise<readonly Listed[]> {
  const found: Listed[] = [];
  for (let token: string | undefined = ''; token !== undefined; ) {
    const page: KeyPage = await listVersions({ bucket, prefix: key, token, most: MOST }, signal);
    const own = page.objects.filter((one) => one.key === key);
    found.push(...own);
    token = own.length < page.objects.length ? undefined : page.next;
  }
  return found;
}

/** Deletes an object; with a version that one alone, for good. */
export async function deleteObject(bucket: string, key: string, versionId?: string): Promise<void> {
  if (key !== '.' && key !== '..') {
    await oss({ method: 'DELETE', bucket, key, query: versionId === undefined ? {} : { versionId } });
    return;
  }
  // Browsers resolve these two in any URL: a list of keys to delete can name them.
  const version = versionId === undefined ? '' : `<VersionId>${escaped(versionId)}</VersionId>`;
  const body = `<Delete><Quiet>true</Quiet><Object><Key>${key}</Key>${version}</Object></Delete>`;
  await oss({ method: 'POST', bucket, query: { delete: '' } }, { body });
}

export type Tag = readonly [key: string, value: string];

const versioned = (versionId: string | undefined): Readonly<Record<string, string>> =>
  versionId === undefined ? {} : { versionId };

export async function tagsOf(bucket: string, key: string, versionId: string | undefined, signal: AbortSignal) {
  const root = await ossXml(
    { method: 'GET', bucket, key, query: { tagging: '', ...versioned(versionId) } },
    { signal },
  );
  const tags = childrenOf(root, 'TagSet').flatMap((set) => childrenOf(set, 'Tag'));
  return tags.map((tag): Tag => [textIn(tag, 'Key'), textIn(tag, 'Value')]);
}

export async function putTags(
  { bucket, key, versionId }: { readonly bucket: string; readonly key: string; readonly versionId?: string },
  tags: readonly Tag[],
): Promise<void> {
  const set = tags.map(([name, value]) => `<Tag><Key>${escaped(name)}</Key><Value>${escaped(value)}</Value></Tag>`);
  const body = `<Tagging><TagSet>${set.join('')}</TagSet></Tagging>`;
  await oss({ method: 'PUT', bucket, key, query: { tagging: '', ...versioned(versionId) } }, { body });
}

export async function aclOf(bucket: string, key: string, versionId: string | undefined, signal: AbortSignal) {
  const root = await ossXml({ method: 'GET', bucket, key, query: { acl: '', ...versioned(versionId) } }, { signal });
  const [list] = childrenOf(root, 'AccessControlList');
  return list === undefined ? '' : textIn(list, 'Grant');
}

/** Where a symlink leads. */
export async function targetOf(bucket: string, key: string, versionId: string | undefined, signal: AbortSignal) {
  const call = { method: 'GET', bucket, key, query: { symlink: '', ...versioned(versionId) } } as const;
  return decodeURIComponent((await oss(call, { signal })).headers.get('x-oss-symlink-target') ?? '');
}

const escaped = (text: string): string =>
  text.replace(/[<>&]/g, (c) => ({ '<': '&lt;', '>': '&gt;', '&': '&amp;' })[c] ?? c);
