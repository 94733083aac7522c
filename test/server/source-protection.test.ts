/** Source protection (documents-styles-tasks.md §4.3): what anonymous callers get of a public picture. */
import sharp from 'sharp';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { startOssite } from '../../src/server/index.ts';
import { fixture, freshBucket, frontDoor, get, ossError, pathOf, put, request } from '../helpers/ossite.ts';
import { formsOf, sdk } from '../helpers/sdk.ts';
import { signedV1 } from '../helpers/sign.ts';

const protection = (suffixes: string) =>
  `<BucketProcessConfiguration><CompliedHost>Both</CompliedHost><SourceFileProtect>Enabled</SourceFileProtect><SourceFileProtectSuffix>${suffixes}</SourceFileProtectSuffix><StyleDelimiters>!</StyleDelimiters></BucketProcessConfiguration>`;

describe('where access is enforced', () => {
  const buckets = ['shop:public-read', 'closed', 'drop:public-read-write'];
  let door: ReturnType<typeof frontDoor>;
  let close: () => Promise<void>;
  let shop: ReturnType<typeof sdk>;

  async function owner(path: string, body: string): Promise<void> {
    const { status, text } = await door.request('put', path, {
      body,
      headers: signedV1('PUT', path, 'application/xml'),
    });
    if (status !== 200) throw new Error(text);
  }

  beforeAll(async () => {
    const ossite = await startOssite({ port: 0, storage: 'memory', log: 'error', auth: 'strict', buckets });
    close = () => ossite.close();
    door = frontDoor(ossite.endpoint);
    const form = formsOf(ossite.endpoint)['path style (sldEnable)'] as object;
    shop = sdk(form, { bucket: 'shop' });
    for (const name of ['shop', 'closed']) {
      await owner(`/${name}/?processConfiguration`, protection('jpg,.png'));
      await owner(`/${name}/?style&styleName=small`, '<Style><Content>image/resize,w_50</Content></Style>');
      const client = sdk(form, { bucket: name });
      for (const key of ['photo.jpg', 'LOUD.JPG', 'photo.webp', 'jpg']) await client.put(key, fixture('photo.jpg'));
    }
  });
  afterAll(() => close());

  const refused = {
    status: 403,
    code: 'AccessDenied',
    message: 'The channel can be only accessed using style',
    ec: '0040-00000031',
  };

  it.each([
    'photo.jpg',
    'LOUD.JPG',
    'photo.jpg?x-oss-process=',
    'photo.jpg?x-oss-process=image/resize,w_50',
    'photo.jpg?x-oss-process=style/small%7Cimage/rotate,90',
    'photo.jpg?x-oss-process=image/info',
    'never.jpg',
  ])('an anonymous GET of %s is refused', async (path) =>
    expect(ossError(await door.request('get', `/shop/${path}`))).toMatchObject(refused),
  );

  it.each([
    ['photo.jpg?x-oss-process=style/small', 50],
    ['photo.jpg!small', 50],
    ['LOUD.JPG!small', 50],
    ['photo.jpg?x-oss-process=style/small%7Cstyle/small', 50],
    ['photo.webp?x-oss-process=image/resize,w_70', 70],
    ['jpg?x-oss-process=image/resize,w_70', 70],
  ])('an anonymous GET of %s is answered', async (path, width) => {
    const { status, bytes, text } = await door.request('get', `/shop/${path}`);
    expect(status, text).toBe(200);
    expect((await sharp(bytes).metadata()).width).toBe(width);
  });

  it('a style does not open what the ACL keeps closed, a HEAD shows no content', async () => {
    const closed = { code: 'AccessDenied', ec: '0003-00000001' };
    expect(ossError(await door.get('closed', 'photo.jpg!small'))).toMatchObject(closed);
    expect(ossError(await door.get('closed', 'photo.jpg'))).toMatchObject(closed);
    expect((await door.head('shop', 'photo.jpg')).status).toBe(200);
  });

  it('a signed request is unaffected, in header or URL', async () => {
    expect((await shop.get('photo.jpg')).content.equals(fixture('photo.jpg'))).toBe(true);
    expect(
      (await sharp((await shop.get('photo.jpg', { process: 'image/resize,w_33' })).content).metadata()).width,
    ).toBe(33);
    const url = new URL(shop.signatureUrl('photo.jpg'));
    expect((await door.request('get', url.pathname + url.search)).status).toBe(200);
  });

  it('nobody gets round it, or round an ACL, with a copy', async () => {
    const copy = (source: string) => door.request('put', '/drop/copied', { headers: { 'x-oss-copy-source': source } });
    expect(ossError(await copy('/shop/photo.jpg'))).toMatchObject(refused);
    expect(ossError(await copy('/closed/photo.webp'))).toMatchObject({ status: 403, ec: '0003-00000001' });
    expect(ossError(await copy('/closed/never'))).toMatchObject({ status: 403, ec: '0003-00000001' });
    expect((await copy('/shop/photo.webp')).status).toBe(200);
  });
});

it('where every request is accepted nothing is protected', async () => {
  const bucket = await freshBucket('public-read');
  await request('put', `${pathOf(bucket)}?processConfiguration`, { body: protection('*') });
  await put(bucket, 'photo.jpg', fixture('photo.jpg'));
  expect((await get(bucket, 'photo.jpg')).status).toBe(200);
});
