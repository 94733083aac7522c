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
  delete(key: string): Promise<Result>;
  deleteMulti(keys: string[], options?: object): Promise<Result & { deleted?: { Key: string }[] }>;
  processObjectSave(source: string, target: string, process: string, bucket?: string): Promise<Result>;
  signatureUrl(key: string, options?: object): string;
  signatureUrlV4(method: string, expires: number, options?: object, key?: string): Promise<string>;
}

const Client = createRequire(import.meta.url)('ali-oss') as new (options: object) => Sdk;
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
