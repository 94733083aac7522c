/** The real ali-oss package, pointed at the shared server in each of its addressing forms. */
import { Agent } from 'node:http';
import { createRequire } from 'node:module';
import { endpoint } from './ossite.ts';

interface Result {
  readonly res: { readonly status: number; readonly headers: Readonly<Record<string, string>> };
}

/** What the tests use of ali-oss, which has no types of its own. */
export interface Sdk {
  useBucket(name: string): void;
  putBucket(name: string): Promise<Result>;
  listBuckets(query?: object): Promise<Result & { buckets: { name: string }[] }>;
  getBucketInfo(name: string): Promise<Result & { bucket: { Name: string; Location: string } }>;
  getBucketLocation(name: string): Promise<Result & { location: string }>;
  putBucketACL(name: string, acl: string): Promise<Result>;
  getBucketACL(name: string): Promise<Result & { acl: string }>;
  deleteBucket(name: string): Promise<Result>;
  put(key: string, body: Buffer, options?: object): Promise<Result & { name: string }>;
  get(key: string, options?: object): Promise<Result & { content: Buffer }>;
  head(key: string, options?: object): Promise<Result & { meta: Record<string, string> | null }>;
  getObjectMeta(key: string): Promise<Result>;
  copy(to: string, from: string, options?: object): Promise<Result & { data: { etag: string } }>;
  list(
    query: object,
  ): Promise<
    Result & { objects?: { name: string }[]; prefixes?: string[]; nextMarker: string | null; isTruncated: boolean }
  >;
  listV2(
    query: object,
  ): Promise<Result & { objects?: { name: string }[]; keyCount: number; nextContinuationToken: string | null }>;
  delete(key: string, options?: object): Promise<Result>;
  deleteMulti(
    keys: (string | { key: string; versionId: string })[],
    options?: object,
  ): Promise<Result & { deleted?: { Key: string }[] }>;
  append(key: string, body: Buffer, options?: object): Promise<Result & { nextAppendPosition: string }>;
  putSymlink(key: string, target: string, options?: object): Promise<Result>;
  getSymlink(key: string, options?: object): Promise<Result & { targetName: string }>;
  putACL(key: string, acl: string): Promise<Result>;
  getACL(key: string): Promise<Result & { acl: string }>;
  putObjectTagging(key: string, tags: Readonly<Record<string, string>>, options?: object): Promise<Result>;
  getObjectTagging(key: string, options?: object): Promise<{ status: number; tag: Readonly<Record<string, string>> }>;
  deleteObjectTagging(key: string, options?: object): Promise<Result>;
  restore(key: string, options?: object): Promise<Result>;
  putBucketVersioning(name: string, status: string): Promise<Result>;
  getBucketVersioning(name: string): Promise<Result & { versionStatus: string | undefined }>;
  listObjectVersions(query: object): Promise<{
    objects?: { name: string; versionId: string; isLatest: boolean }[];
    deleteMarker?: { name: string; versionId: string }[];
    isTruncated: boolean;
    nextKeyMarker: string | undefined;
    nextVersionIdMarker: string | undefined;
  }>;
  getBucketStat(name: string): Promise<{ stat: Readonly<Record<string, string>> }>;
  multipartUpload(key: string, body: Buffer, options?: object): Promise<Result & { etag: string; name: string }>;
  multipartUploadCopy(
    key: string,
    source: { sourceKey: string; sourceBucketName: string },
    options?: object,
  ): Promise<Result>;
  initMultipartUpload(key: string, options?: object): Promise<Result & { uploadId: string }>;
  listUploads(query: object): Promise<Result & { uploads: { name: string; uploadId: string }[] }>;
  listParts(key: string, id: string): Promise<Result & { parts: { PartNumber: string }[] }>;
  abortMultipartUpload(key: string, id: string): Promise<Result>;
  processObjectSave(source: string, target: string, process: string, bucket?: string): Promise<Result>;
  signatureUrl(key: string, options?: object): string;
  signatureUrlV4(method: string, expires: number, options?: object, key?: string): Promise<string>;
}

/** As it is; `sdk` is for tests that name an addressing form. */
export const Client = createRequire(import.meta.url)('ali-oss') as new (options: object) => Sdk;
/** Plain getaddrinfo does not know `bucket.localhost`; browsers and systemd do. */
const agent = new Agent({
  lookup: (_host, options, done) =>
    options.all ? done(null, [{ address: '127.0.0.1', family: 4 }]) : done(null, '127.0.0.1', 4),
} as ConstructorParameters<typeof Agent>[0]);

/** The addressing forms of rest-core.md §5.1, for one server. */
export function formsOf(server: string): Readonly<Record<string, object>> {
  const { port } = new URL(server);
  return {
    'IP endpoint: bucket in the Host header only': { endpoint: `http://127.0.0.1:${port}` },
    'bucket.localhost': { endpoint: `http://localhost:${port}`, agent },
    'path style (sldEnable)': { endpoint: `http://localhost:${port}`, sldEnable: true },
  };
}

export const forms = formsOf(endpoint);

/** A client as the page's Node sample makes it. */
export function sdk(form: object, options: object = {}): Sdk {
  return new Client({
    region: 'oss-cn-hangzhou',
    accessKeyId: 'ossite',
    accessKeySecret: 'ossite-secret',
    ...form,
    ...options,
  });
}
