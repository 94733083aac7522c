/** Archived objects and their restoring (rest-core.md §1.2). */
import { beforeAll, describe, expect, it } from 'vitest';
import { textOf, texts } from '../helpers/oss-xml.ts';
import {
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
  submitted,
} from '../helpers/ossite.ts';

let bucket: string;
beforeAll(async () => {
  bucket = await freshBucket();
  await put(bucket, 'warm', Buffer.from('x'));
});
const freeze = (key: string, storageClass: string, body: Buffer = Buffer.from('ice')) =>
  put(bucket, key, body, { 'x-oss-storage-class': storageClass });
const restore = (key: string, body = '') => request('post', `${pathOf(bucket, key)}?restore`, { body });
const asked = (days: string, tier?: string) =>
  `<RestoreRequest><Days>${days}</Days>${tier === undefined ? '' : `<JobParameters><Tier>${tier}</Tier></JobParameters>`}</RestoreRequest>`;
const state = async (key: string) => (await head(bucket, key)).headers['x-oss-restore'];

/** Waits until an object that is being restored is. */
async function restored(key: string): Promise<string> {
  const end = Date.now() + 20_000;
  for (;;) {
    const told = await state(key);
    if (told?.includes('"false"')) return told;
    if (Date.now() > end) throw new Error(`not restored: ${told}`);
    await new Promise((resolve) => setTimeout(resolve, 50));
  }
}

describe('an archived object', () => {
  it.each(['Archive', 'ColdArchive', 'DeepColdArchive'])('of class %s is shown, not read', async (storageClass) => {
    await freeze(storageClass, storageClass, fixture('photo.jpg'));
    const headed = await head(bucket, storageClass);
    expect([headed.status, headed.headers['x-oss-storage-class']]).toEqual([200, storageClass]);
    expect(headed.headers['x-oss-restore']).toBeUndefined();
    const refused = {
      status: 403,
      code: 'InvalidObjectState',
      message: "The operation is not valid for the object's state.",
    };
    const copy = { headers: { 'x-oss-copy-source': `/${bucket}/${storageClass}` } };
    const uploadId = textOf((await request('post', `${pathOf(bucket, 'm')}?uploads`)).text, 'UploadId');
    for (const answer of [
      await get(bucket, storageClass),
      await request('put', pathOf(bucket, 'copy'), copy),
      await request('put', `${pathOf(bucket, 'm')}?partNumber=1&uploadId=${uploadId}`, copy),
      await processed(bucket, storageClass, 'image/info'),
      await posted(bucket, storageClass, 'image/resize,w_10|sys/saveas,o_dA'),
      await submitted(bucket, storageClass, 'video/convert,f_mp4,vcodec_h264|sys/saveas,o_dA'),
    ])
      expect(ossError(answer)).toMatchObject(refused);
    await request('put', `${pathOf(bucket, 'link')}?symlink`, { headers: { 'x-oss-symlink-target': storageClass } });
    expect(ossError(await get(bucket, 'link'))).toMatchObject(refused);
  });

  it('is restored in its time: 202, 409 meanwhile, then 200; lists tell, too', async () => {
    await freeze('ice', 'Archive');
    const info = async () => texts((await get(bucket, '', { prefix: 'ice' })).text, 'RestoreInfo');
    expect(await info()).toEqual([]);
    const first = await restore('ice', asked('2'));
    expect([first.status, first.bytes.length]).toEqual([202, 0]);
    expect([await state('ice'), await info()]).toEqual(['ongoing-request="true"', ['ongoing-request="true"']]);
    expect(ossError(await restore('ice'))).toMatchObject({ status: 409, code: 'RestoreAlreadyInProgress' });
    const told = await restored('ice');
    expect(told).toMatch(/^ongoing-request="false", expiry-date="\w{3}, \d\d \w{3} \d{4} \d\d:\d\d:\d\d GMT"$/);
    const until = Date.parse(/expiry-date="([^"]*)"/.exec(told)?.[1] ?? '');
    expect(Math.abs(until - Date.now() - 2 * 86_400_000)).toBeLessThan(60_000);
    expect([(await get(bucket, 'ice')).text, await info()]).toEqual(['ice', [told]]);
    expect((await get(bucket, '', { versions: '', prefix: 'ice' })).text).toContain('<RestoreInfo>ongoing-request=');
    const again = await restore('ice', asked('7'));
    expect(again.status).toBe(200);
    expect(await state('ice')).not.toBe(told);
    const copied = await request('put', pathOf(bucket, 'thawed'), {
      headers: { 'x-oss-copy-source': `/${bucket}/ice` },
    });
    expect(copied.status).toBe(200);
    expect((await get(bucket, 'thawed')).text).toBe('ice');
  });

  it('of a colder class has a priority', async () => {
    await freeze('cold', 'ColdArchive');
    const answer = await restore('cold', asked('365', 'Expedited'));
    expect([answer.status, answer.headers['x-oss-object-restore-priority']]).toEqual([202, 'Expedited']);
  });
});

describe('CleanRestoredObject', () => {
  const clean = (key: string) => request('post', `${pathOf(bucket, key)}?cleanRestoredObject`);

  it('takes the restored copy back before its time', async () => {
    await freeze('thawed-early', 'ColdArchive');
    const stale = { status: 409, code: 'ArchiveRestoreFileStale', ec: '0016-00000718' };
    expect(ossError(await clean('thawed-early'))).toMatchObject(stale);
    await restore('thawed-early', asked('5'));
    expect(ossError(await clean('thawed-early'))).toMatchObject({
      status: 409,
      code: 'ArchiveRestoreNotFinished',
      ec: '0016-00000719',
    });
    await restored('thawed-early');
    const done = await clean('thawed-early');
    expect([done.status, done.bytes.length]).toEqual([200, 0]);
    expect(await state('thawed-early')).toBeUndefined();
    expect(ossError(await get(bucket, 'thawed-early')).code).toBe('InvalidObjectState');
    expect(ossError(await clean('thawed-early'))).toMatchObject(stale);
    // It can be restored once more.
    expect((await restore('thawed-early', asked('1'))).status).toBe(202);
    await restored('thawed-early');
    expect((await get(bucket, 'thawed-early')).text).toBe('ice');
  });

  it('refuses what is not archived, and what is not there', async () => {
    expect(ossError(await clean('warm'))).toMatchObject({ status: 400, code: 'OperationNotSupported' });
    expect(ossError(await clean('missing'))).toMatchObject({ status: 404, code: 'NoSuchKey' });
  });
});

describe('RestoreObject refuses', () => {
  beforeAll(async () => {
    await freeze('a', 'Archive');
    await freeze('c', 'ColdArchive');
  });
  it.each<[string, string, string, number, string, string?]>([
    ['what is not archived', 'warm', '', 400, 'OperationNotSupported', '0016-00000702'],
    ['what is not there', 'missing', '', 404, 'NoSuchKey', '0026-00000001'],
    ['job parameters for Archive', 'a', asked('1', 'Bulk'), 400, 'MalformedXML'],
    ['an unknown tier', 'c', asked('1', 'Fast'), 400, 'InvalidArgument'],
    ['no days', 'a', asked('0'), 400, 'MalformedXML'],
    ['too many days', 'a', asked('8'), 400, 'MalformedXML'],
    ['what is no number', 'a', asked('x'), 400, 'MalformedXML'],
    ['another root', 'a', '<Restore/>', 400, 'MalformedXML'],
  ])('%s', async (_, key, body, status, code, ec) => {
    const error = ossError(await restore(key, body));
    expect([error.status, error.code, error.ec]).toEqual([status, code, ec]);
    if (status === 400 && key !== 'warm') expect(await state(key)).toBeUndefined();
  });
});
