/** The front door, as tests use it: plain HTTP through supertest against the shared server. */
import { randomBytes } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { SaxesParser } from 'saxes';
import supertest from 'supertest';
import { inject } from 'vitest';

export interface Answer {
  readonly status: number;
  readonly headers: Readonly<Record<string, string>>;
  readonly bytes: Buffer;
  readonly text: string;
}

export interface Task {
  readonly TaskId: string;
  readonly TaskType: string;
  readonly Status: 'Queued' | 'Running' | 'Succeeded' | 'Failed' | 'Canceled';
  readonly Progress: number;
  readonly Code: string;
  readonly Message: string;
  readonly Outputs: readonly {
    readonly Bucket: string;
    readonly Key: string;
    readonly Size: number;
    readonly ETag: string;
  }[];
  readonly Result: string;
  readonly Warnings: readonly string[];
  readonly Attempts: number;
}

type Method = 'get' | 'head' | 'put' | 'post' | 'delete' | 'options';
type Headers = Readonly<Record<string, string>>;

/** `/bucket/key`, the key percent-encoded as SDKs do. */
export const pathOf = (bucket: string, key = ''): string =>
  `/${bucket}/${key.split('/').map(encodeURIComponent).join('/')}`;

function withQuery(path: string, query: Readonly<Record<string, string>>): string {
  const text = Object.entries(query).map(([name, value]) => `${name}=${encodeURIComponent(value)}`);
  return text.length === 0 ? path : `${path}?${text.join('&')}`;
}

/** The calls tests make, against one server. */
export function frontDoor(endpoint: string) {
  const http = supertest(endpoint);

  /** Any request. `path` is raw: what a test writes is what goes over the wire. */
  async function request(
    method: Method,
    path: string,
    options: { headers?: Headers; body?: Buffer | string } = {},
  ): Promise<Answer> {
    const call = http[method](path)
      .set(options.headers ?? {})
      .buffer(true)
      .redirects(0)
      .ok(() => true)
      .parse((res, done) => {
        const chunks: Buffer[] = [];
        res.on('data', (chunk: Buffer) => chunks.push(chunk));
        res.on('end', () => done(null, Buffer.concat(chunks)));
      });
    if (options.body !== undefined) {
      // Strings are bytes already: superagent must not serialise them again.
      call.serialize((body: unknown) => body as string);
      if (options.headers?.['content-type'] === undefined) call.set('content-type', 'application/octet-stream');
      call.send(options.body);
    }
    const res = await call;
    const bytes = Buffer.isBuffer(res.body) ? res.body : Buffer.alloc(0);
    return { status: res.status, headers: res.headers as Record<string, string>, bytes, text: bytes.toString('utf8') };
  }

  /** A new bucket with a name of its own. */
  async function freshBucket(acl = 'private'): Promise<string> {
    const name = `b-${randomBytes(6).toString('hex')}`;
    const { status, text } = await request('put', pathOf(name), { headers: { 'x-oss-acl': acl } });
    if (status !== 200) throw new Error(text);
    return name;
  }

  /** Makes sure a bucket is there. */
  async function ensureBucket(name: string): Promise<void> {
    const { status, text } = await request('put', pathOf(name));
    if (status !== 200) throw new Error(text);
  }

  async function put(bucket: string, key: string, body: Buffer, headers: Headers = {}): Promise<void> {
    const { status, text } = await request('put', pathOf(bucket, key), { body, headers });
    if (status !== 200) throw new Error(text);
  }

  const get = (
    bucket: string,
    key: string,
    query: Readonly<Record<string, string>> = {},
    headers: Headers = {},
  ): Promise<Answer> => request('get', withQuery(pathOf(bucket, key), query), { headers });

  const head = (bucket: string, key: string, headers: Headers = {}): Promise<Answer> =>
    request('head', pathOf(bucket, key), { headers });

  /** GET with a process string. */
  const processed = (bucket: string, key: string, process: string, headers: Headers = {}): Promise<Answer> =>
    get(bucket, key, { 'x-oss-process': process }, headers);

  /** POST with a process string, raw as most SDKs send it. */
  const posted = (bucket: string, key: string, process: string): Promise<Answer> =>
    request('post', `${pathOf(bucket, key)}?x-oss-process`, { body: `x-oss-process=${process}` });

  /** Asynchronous POST. */
  const submitted = (bucket: string, key: string, process: string): Promise<Answer> =>
    request('post', `${pathOf(bucket, key)}?x-oss-async-process`, { body: `x-oss-async-process=${process}` });

  /** Waits until a task has ended. */
  async function finished(taskId: string): Promise<Task> {
    const { status, text } = await request('get', `/_ossite/tasks/${taskId}?wait=90`);
    if (status !== 200) throw new Error(text);
    return JSON.parse(text) as Task;
  }

  /** Submits a task that must be accepted, and waits for its end. */
  async function converted(bucket: string, key: string, process: string): Promise<Task> {
    const { status, text } = await submitted(bucket, key, process);
    if (status !== 200) throw new Error(text);
    return finished((JSON.parse(text) as { TaskId: string }).TaskId);
  }

  return { request, freshBucket, ensureBucket, put, get, head, processed, posted, submitted, finished, converted };
}

/** The server all test files share. */
export const endpoint: string = inject('endpoint');
export const { request, freshBucket, ensureBucket, put, get, head, processed, posted, submitted, finished, converted } =
  frontDoor(endpoint);

/** URL-safe Base64 without padding. */
export const b64 = (text: string): string => Buffer.from(text).toString('base64url');

export const saveas = (key: string, bucket?: string): string =>
  `|sys/saveas,o_${b64(key)}${bucket === undefined ? '' : `,b_${b64(bucket)}`}`;

/** A file of fixtures/media. */
export const fixture = (name: string): Buffer => readFileSync(new URL(`../../fixtures/media/${name}`, import.meta.url));

export interface WireError {
  readonly status: number;
  readonly code: string;
  readonly message: string;
  readonly ec: string | undefined;
  readonly elements: Readonly<Record<string, string>>;
}

/** The error of an answer, read as an SDK would. */
export function ossError({ status, text }: Pick<Answer, 'status' | 'text'>): WireError {
  const elements: Record<string, string> = {};
  const parser = new SaxesParser();
  let open = '';
  parser.on('error', (error) => {
    throw new Error(`${error.message} in ${text}`);
  });
  parser.on('opentag', ({ name }) => {
    open = name;
    if (name !== 'Error') elements[name] = '';
  });
  parser.on('text', (piece) => {
    if (open in elements) elements[open] += piece;
  });
  parser.on('closetag', () => {
    open = '';
  });
  parser.write(text).close();
  return { status, code: elements.Code ?? '', message: elements.Message ?? '', ec: elements.EC, elements };
}
