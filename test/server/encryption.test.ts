/** Server-side encryption: kept, echoed, never done. */
import { beforeAll, describe, expect, it } from 'vitest';
import { textOf } from '../helpers/oss-xml.ts';
import { freshBucket, get, head, ossError, pathOf, put, request } from '../helpers/ossite.ts';

let bucket: string;
beforeAll(async () => {
  bucket = await freshBucket();
  await put(bucket, 'plain', Buffer.from('x'));
});
type Headers = Readonly<Record<string, string>>;
const ALGORITHM = 'x-oss-server-side-encryption';
const DATA = 'x-oss-server-side-data-encryption';
const KEY = 'x-oss-server-side-encryption-key-id';
const shown = ({ headers }: { headers: Headers }) =>
  Object.fromEntries([ALGORITHM, DATA, KEY].flatMap((name) => (headers[name] ? [[name, headers[name]]] : [])));

/** Each way to make an object; what is told of it at once. */
const writes: Readonly<Record<string, (key: string, headers: Headers) => Promise<Headers>>> = {
  PutObject: async (key, headers) => shown(await request('put', pathOf(bucket, key), { body: 'x', headers })),
  AppendObject: async (key, headers) =>
    shown(await request('post', `${pathOf(bucket, key)}?append&position=0`, { body: 'x', headers })),
  CopyObject: async (key, headers) =>
    shown(
      await request('put', pathOf(bucket, key), { headers: { 'x-oss-copy-source': `/${bucket}/plain`, ...headers } }),
    ),
  async CompleteMultipartUpload(key, headers) {
    const begun = await request('post', `${pathOf(bucket, key)}?uploads`, { headers });
    const id = textOf(begun.text, 'UploadId');
    await request('put', `${pathOf(bucket, key)}?partNumber=1&uploadId=${id}`, { body: 'x' });
    const all = { 'x-oss-complete-all': 'yes' };
    const done = await request('post', `${pathOf(bucket, key)}?uploadId=${id}`, { headers: all });
    expect(shown(begun)).toEqual(shown(done));
    return shown(done);
  },
};

describe.each(Object.entries(writes))('%s', (name, write) => {
  it.each<[Headers, Headers]>([
    [{}, {}],
    [{ [ALGORITHM]: 'AES256' }, { [ALGORITHM]: 'AES256' }],
    [{ [ALGORITHM]: 'SM4' }, { [ALGORITHM]: 'SM4' }],
    [
      { [ALGORITHM]: 'KMS', [DATA]: 'SM4', [KEY]: 'my-key' },
      { [ALGORITHM]: 'KMS', [DATA]: 'SM4', [KEY]: 'my-key' },
    ],
    // Without a key there is one all the same.
    [
      { [ALGORITHM]: 'KMS' },
      { [ALGORITHM]: 'KMS', [KEY]: expect.stringMatching(/^[0-9a-f-]{36}$/) as unknown as string },
    ],
  ])('%j', async (headers, expected) => {
    expect(await write(`${name}-encrypted`, headers)).toEqual(expected);
    expect(shown(await get(bucket, `${name}-encrypted`))).toEqual(expected);
    expect(shown(await head(bucket, `${name}-encrypted`))).toEqual(expected);
    await request('delete', pathOf(bucket, `${name}-encrypted`));
  });
});

it('a copy does not take over the encryption of its source', async () => {
  await writes.PutObject?.('source', { [ALGORITHM]: 'AES256' });
  const copied = await request('put', pathOf(bucket, 'copy'), {
    headers: { 'x-oss-copy-source': `/${bucket}/source` },
  });
  expect(shown(copied)).toEqual({});
});

it.each<[Headers]>([[{ [ALGORITHM]: 'DES' }], [{ [ALGORITHM]: 'aes256' }], [{ [ALGORITHM]: 'KMS', [DATA]: 'AES' }]])(
  '%j is refused',
  async (headers) => {
    const answer = await request('put', pathOf(bucket, 'refused'), { body: 'x', headers });
    expect(ossError(answer)).toMatchObject({
      status: 400,
      code: 'InvalidEncryptionAlgorithmError',
      message: 'The Encryption request you specified is not valid. Supported value: AES256/SM4/KMS.',
    });
    expect((await head(bucket, 'refused')).status).toBe(404);
  },
);
