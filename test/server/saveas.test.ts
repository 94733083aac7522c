/** `sys/saveas` rule by rule (documents-styles-tasks.md §3): what it is given, what it writes, what it refuses. */
import sharp from 'sharp';
import { beforeAll, describe, expect, it } from 'vitest';
import {
  b64,
  converted,
  fixture,
  freshBucket,
  get,
  head,
  ossError,
  pathOf,
  posted,
  processed,
  put,
  request,
  saveas,
  submitted,
} from '../helpers/ossite.ts';
import { look } from '../processors/media/sources.ts';

let bucket: string;
let target: string;
const PHOTO = 'dir/sub/photo.v1.jpg';
const CLIP = 'dir/sub/clip.v1.mp4';

beforeAll(async () => {
  [bucket, target] = [await freshBucket(), await freshBucket()];
  await put(bucket, PHOTO, fixture('photo.jpg'), { 'content-type': 'image/jpeg' });
  await put(bucket, CLIP, fixture('clip.mp4'), { 'content-type': 'video/mp4' });
});

describe('names in Base64, as each SDK writes them', () => {
  // In the standard alphabet this has a plus and slashes in it; it needs padding.
  const key = '???>>>/中 文😀.bin';
  const standard = Buffer.from(key).toString('base64');
  const urlSafe = standard.replaceAll('+', '-').replaceAll('/', '_');
  const forms: readonly (readonly [string, string, (body: string) => string])[] = [
    ['URL-safe, unpadded: the page, PHP', urlSafe.replace(/=+$/, ''), (body) => body],
    ['URL-safe, padded: Go, Python', urlSafe, (body) => body],
    ['standard, padded: Java, C#', standard, (body) => body],
    ['standard, padded, escaped: ali-oss', standard, (body) => body.replace(/(?<=^[^=]*=).*/, encodeURIComponent)],
  ];

  it('are what the test says', () => expect(standard).toMatch(/\/.*\+.*==$/));

  it.each(forms)('%s', async (_, encoded, write) => {
    const body = write(`x-oss-process=image/resize,w_40|sys/saveas,b_${b64(target)},o_${encoded}`);
    const answer = await request('post', `${pathOf(bucket, PHOTO)}?x-oss-process`, { body });
    expect(JSON.parse(answer.text), answer.text).toMatchObject({ bucket: target, object: key });
    expect((await sharp((await get(target, key)).bytes).metadata()).width).toBe(40);

    const more = write(
      `x-oss-async-process=video/convert,f_mkv|sys/saveas,o_${encoded},b_${b64(target)}/notify,topic_${standard}`,
    );
    const submit = await request('post', `${pathOf(bucket, CLIP)}?x-oss-async-process=`, { body: more });
    expect(submit.status, submit.text).toBe(200);
    const { TaskId } = JSON.parse(submit.text) as { TaskId: string };
    const task = JSON.parse((await request('get', `/_ossite/tasks/${TaskId}?wait=60`)).text);
    expect(task, task.Message).toMatchObject({ Status: 'Succeeded', Outputs: [{ Bucket: target, Key: key }] });
  });

  it('the answer is JSON whatever the name', async () => {
    const odd = 'a"b\\c\u0007\u2028😀.jpg';
    const answer = await posted(bucket, PHOTO, `image/resize,w_40${saveas(odd)}`);
    expect(JSON.parse(answer.text)).toEqual({ bucket: '', fileSize: expect.any(Number), object: odd, status: 'OK' });
    expect((await get(bucket, odd)).bytes).toHaveLength((JSON.parse(answer.text) as { fileSize: number }).fileSize);
  });
});

describe('refused before anything runs', () => {
  const long = `${'n'.repeat(600)}.mp4`;
  let listed: string;
  let tasks: string;
  beforeAll(async () => {
    await put(bucket, long, fixture('photo.jpg'));
    await put(bucket, 'Upper.jpg', fixture('photo.jpg'));
    await put(bucket, 'no-such-bucket.jpg', fixture('photo.jpg'));
    [listed, tasks] = [(await get(bucket, '')).text, (await request('get', `/_ossite/tasks?bucket=${bucket}`)).text];
  });

  const name = (text: string) => `|sys/saveas,o_${b64(text)}`;
  const into = (text: string) => `${name('x')},b_${b64(text)}`;

  // Rules S6, S7, V2, V3, V8: the same directive behind a picture and behind a task.
  const invalid = ['InvalidArgument', undefined] as const;
  const imm = ['Imm Client', '0056-00000001'] as const;
  it.each<[string, string, number, readonly [string, string | undefined], (readonly [string, string | undefined])?]>([
    [PHOTO, name('/x'), 400, ['InvalidObjectName', '0016-00000005']],
    [PHOTO, name('\\x'), 400, ['InvalidObjectName', '0016-00000005']],
    [PHOTO, name('x'.repeat(1024)), 400, ['InvalidObjectName', '0016-00000002']],
    [long, name('{barename}{barename}'), 400, ['InvalidObjectName', '0016-00000002']],
    [PHOTO, into('Upper'), 400, ['InvalidBucketName', undefined]],
    [PHOTO, into('a'), 400, ['InvalidBucketName', undefined]],
    ['Upper.jpg', into('{barename}'), 400, ['InvalidBucketName', undefined]],
    [PHOTO, into('no-such-bucket'), 404, ['NoSuchBucket', '0015-00000101']],
    ['no-such-bucket.jpg', into('{barename}'), 404, ['NoSuchBucket', '0015-00000101']],
    [PHOTO, '|sys/saveas,o_*', 400, ['BadRequest', undefined]],
    [PHOTO, '|sys/saveas,o_YQ,b_a', 400, ['BadRequest', undefined]],
    // Base64 of bytes that are no UTF-8.
    [PHOTO, '|sys/saveas,o__w', 400, ['BadRequest', undefined]],
    [PHOTO, '|sys/saveas', 400, ['MissingArgument', undefined], imm],
    [PHOTO, `|sys/saveas,b_${b64('bucket')}`, 400, ['MissingArgument', undefined], imm],
    [PHOTO, '|sys/saveas,o_', 400, invalid, imm],
    [PHOTO, '|sys/saveas,o_Cg', 400, invalid, imm],
    ...['{nope}', '{tags.custom}', '{', 'a}', '{a', '{}', '{Key}', '{filename}'].flatMap((text) => [
      [PHOTO, name(text), 400, invalid, imm] as [string, string, number, typeof invalid, typeof imm],
      [PHOTO, into(text), 400, invalid, imm] as [string, string, number, typeof invalid, typeof imm],
    ]),
  ])('%s with %s', async (key, directive, status, [code, ec], [asyncCode, asyncEc] = [code, ec]) => {
    const now = ossError(await posted(bucket, key, `image/resize,w_20${directive}`));
    expect([now.status, now.code, now.ec]).toEqual([status, code, ec]);
    const later = ossError(await submitted(bucket, key, `video/convert,f_mp4${directive}`));
    expect([later.status, later.code, later.ec]).toEqual([status, asyncCode, asyncEc]);
  });

  it.each<[string, () => ReturnType<typeof posted>, number, string, string | undefined]>([
    [
      'saving on GET',
      () => processed(bucket, PHOTO, `image/resize,w_20${saveas('x')}`),
      400,
      'InvalidArgument',
      undefined,
    ],
    ['information', () => posted(bucket, PHOTO, `image/info${saveas('x')}`), 400, 'InvalidArgument', undefined],
    ['nothing to save', () => posted(bucket, PHOTO, saveas('x').slice(1)), 400, 'InvalidArgument', undefined],
    ['sys/ alone', () => posted(bucket, PHOTO, 'image/resize,w_20|sys/'), 400, 'InvalidArgument', '0040-00000212'],
    ['no sys/', () => posted(bucket, PHOTO, 'image/resize,w_20|saveas,o_eA'), 400, 'InvalidArgument', undefined],
    [
      'saving first',
      () => posted(bucket, PHOTO, `${saveas('x').slice(1)}|image/resize,w_20`),
      400,
      'InvalidArgument',
      undefined,
    ],
    [
      '{index} of a picture',
      () => posted(bucket, PHOTO, `image/resize,w_20${saveas('{index}')}`),
      400,
      'InvalidArgument',
      undefined,
    ],
    [
      '{sheetname} of a video',
      () => submitted(bucket, CLIP, `video/convert,f_mp4${saveas('{sheetname}')}`),
      400,
      ...imm,
    ],
    ['a task that saves nothing', () => submitted(bucket, CLIP, 'video/convert,f_mp4'), 400, ...imm],
    ['a task of a picture', () => submitted(bucket, PHOTO, `image/resize,w_20${saveas('x')}`), 404, ...imm],
    [
      'a task at once',
      () => posted(bucket, CLIP, `video/convert,f_mp4${saveas('x')}`),
      400,
      'InvalidArgument',
      undefined,
    ],
    [
      'a missing source',
      () => posted(bucket, 'never', `image/resize,w_20${saveas('x')}`),
      404,
      'NoSuchKey',
      '0040-00000024',
    ],
    [
      'a missing source of a task',
      () => submitted(bucket, 'never', `video/convert,f_mp4${saveas('x')}`),
      404,
      'NoSuchKey',
      undefined,
    ],
    [
      'a missing source bucket',
      () => posted('no-such-bucket', 'x', `image/resize,w_20${saveas('x')}`),
      404,
      'NoSuchBucket',
      '0015-00000101',
    ],
    [
      'its task',
      () => submitted('no-such-bucket', 'x', `video/convert,f_mp4${saveas('x')}`),
      404,
      'NoSuchBucket',
      '0015-00000101',
    ],
    [
      'too long, on GET',
      () => processed(bucket, PHOTO, `image/resize${',w_20'.repeat(2000)}`),
      400,
      'InvalidArgument',
      '0017-00000288',
    ],
    [
      'too long',
      () => posted(bucket, PHOTO, `image/resize${',w_20'.repeat(2000)}${saveas('x')}`),
      400,
      'InvalidArgument',
      '0017-00000288',
    ],
    [
      'too long, of a task',
      () => submitted(bucket, CLIP, `video/convert,f_mp4${',g_5'.repeat(3000)}${saveas('x')}`),
      400,
      'InvalidArgument',
      '0017-00000288',
    ],
    [
      'a body on GET',
      () =>
        request('get', `${pathOf(bucket, PHOTO)}?x-oss-process=image/resize,w_20`, {
          body: 'x-oss-process=image/info',
        }),
      400,
      'InvalidArgument',
      '0017-00000506',
    ],
  ])('%s', async (_, send, status, code, ec) => {
    const error = ossError(await send());
    expect([error.status, error.code, error.ec]).toEqual([status, code, ec]);
  });

  it('and nothing was written by any of it, and no task made', async () => {
    expect((await get(bucket, '')).text).toBe(listed);
    expect((await request('get', `/_ossite/tasks?bucket=${bucket}`)).text).toBe(tasks);
  });
});

describe('what is there afterwards', () => {
  it('has nothing of what it takes the place of', async () => {
    const old = {
      'x-oss-object-acl': 'public-read',
      'x-oss-storage-class': 'IA',
      'x-oss-meta-a': '1',
      'cache-control': 'no-cache',
    };
    await put(target, 'old.jpg', Buffer.from('old'), old);
    await posted(bucket, PHOTO, `image/resize,w_30${saveas('old.jpg', target)}`);
    const { headers } = await head(target, 'old.jpg');
    expect(headers).toMatchObject({ 'x-oss-storage-class': 'Standard', 'content-type': 'image/jpeg' });
    expect([headers['x-oss-meta-a'], headers['cache-control']]).toEqual([undefined, undefined]);
  });

  it('is of its bucket’s storage class', async () => {
    const archive = await freshBucket();
    await request('delete', pathOf(archive));
    const xml = '<CreateBucketConfiguration><StorageClass>Archive</StorageClass></CreateBucketConfiguration>';
    await request('put', pathOf(archive), { body: xml });
    await posted(bucket, PHOTO, `image/resize,w_30${saveas('a.jpg', archive)}`);
    await converted(bucket, CLIP, `video/convert,f_mkv${saveas('a.mkv', archive)}`);
    for (const key of ['a.jpg', 'a.mkv'])
      expect((await head(archive, key)).headers['x-oss-storage-class']).toBe('Archive');
  });

  it('may be the source itself, of a task too', async () => {
    await put(bucket, 'self.mp4', fixture('clip.mp4'));
    const task = await converted(bucket, 'self.mp4', `video/convert,f_mkv${saveas('self.mp4')}`);
    expect(task.Status, task.Message).toBe('Succeeded');
    const { bytes, headers } = await get(bucket, 'self.mp4');
    // The name keeps, the type is that of what was made.
    expect([headers['content-type'], (await look(bytes)).format]).toEqual(['video/x-matroska', 'matroska,webm']);
  });

  it('a bucket that only the result names has to be there as well', async () => {
    const process = `|sys/saveas,o_${b64('x')},b_${b64('{autoext}-never-made')}`;
    const now = ossError(await posted(bucket, PHOTO, `image/resize,w_30${process}`));
    expect(now).toMatchObject({ status: 404, code: 'NoSuchBucket', elements: { BucketName: 'jpg-never-made' } });
    const task = await converted(bucket, CLIP, `video/convert,f_mkv${process}`);
    expect(task).toMatchObject({ Status: 'Failed', Code: 'NoSuchBucket', Outputs: [] });
  });

  it('is made of the present version, whatever versionId says', async () => {
    for (const send of [
      request('post', `${pathOf(bucket, PHOTO)}?x-oss-process&versionId=CAEQ`, {
        body: `x-oss-process=image/resize,w_30${saveas('v.jpg')}`,
      }),
      request('get', `${pathOf(bucket, PHOTO)}?x-oss-process=image/resize,w_30&versionId=CAEQ`),
    ])
      expect((await send).status).toBe(200);
    expect((await sharp((await get(bucket, 'v.jpg')).bytes).metadata()).width).toBe(30);
  });
});
