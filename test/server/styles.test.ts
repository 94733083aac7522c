/** The style API (documents-styles-tasks.md §4.1), as each SDK speaks it. */
import sharp from 'sharp';
import { describe, expect, it } from 'vitest';
import {
  fixture,
  freshBucket,
  ossError,
  pathOf,
  posted,
  processed,
  put,
  request,
  saveas,
  submitted,
} from '../helpers/ossite.ts';
import { signedV1 } from '../helpers/sign.ts';

const style = (content: string) => `<?xml version="1.0" encoding="UTF-8"?><Style><Content>${content}</Content></Style>`;
const api = (bucket: string) => ({
  put: (name: string, content: string, more = '') =>
    request('put', `${pathOf(bucket)}?style&styleName=${name}${more}`, { body: style(content) }),
  get: (name: string) => request('get', `${pathOf(bucket)}?style&styleName=${name}`),
  list: () => request('get', `${pathOf(bucket)}?style`),
  remove: (name: string, value = '') => request('delete', `${pathOf(bucket)}?style${value}&styleName=${name}`),
});

describe('the style API', () => {
  it('puts, gets, lists in order of creation, replaces and deletes', async () => {
    const { put, get, list, remove } = api(await freshBucket());
    expect((await list()).text).toBe('<?xml version="1.0" encoding="UTF-8"?>\n<StyleList/>\n');
    const made = await put('second.style', 'image/resize,p_50');
    expect([made.status, made.bytes.length]).toEqual([200, 0]);
    await put('a-first_by-name', 'doc/convert,target_png', '&category=document');
    const { text, headers } = await get('second.style');
    expect(headers['content-type']).toBe('application/xml');
    expect(text).toMatch(
      /<Style>\n {2}<Name>second\.style<\/Name>\n {2}<Content>image\/resize,p_50<\/Content>\n {2}<Category>image<\/Category>\n {2}<CreateTime>\w{3}, \d\d \w{3} \d{4} [\d:]{8} GMT<\/CreateTime>\n {2}<LastModifyTime>/,
    );
    await put('second.style', 'image/resize,p_60');
    const listed = (await list()).text;
    expect([...listed.matchAll(/<Content>(.*?)</g)].map(([, content]) => content)).toEqual([
      'image/resize,p_60',
      'doc/convert,target_png',
    ]);
    // Go v1 really sends style=<bucket>.
    expect((await remove('second.style', '=some-bucket')).status).toBe(204);
    expect((await remove('second.style')).status).toBe(204);
    expect(ossError(await get('second.style'))).toMatchObject({
      status: 404,
      code: 'NoSuchStyle',
      message: 'The style you get is not found.',
    });
  });

  it.each([
    ['Images!tyle', 'image/resize,p_50', 'InvalidArgument', '0017-00000251'],
    ['x'.repeat(64), 'image/resize,p_50', 'InvalidArgument', '0017-00000250'],
    ['', 'image/resize,p_50', 'InvalidArgument', '0017-00000250'],
    ['fine', '', 'BadRequest', '0017-00000253'],
    ['fine', 'image/resize,w_1;x', 'BadRequest', '0017-00000253'],
    ['fine', 'image/resize, w_1', 'BadRequest', '0017-00000253'],
  ])('name %s with content "%s" is refused', async (name, content, code, ec) => {
    const { put, list } = api(await freshBucket());
    expect(ossError(await put(name, content))).toMatchObject({ status: 400, code, ec });
    expect((await list()).text).not.toContain('<Name>');
  });

  it('nonsense is stored: it is found when it is used', async () => {
    const { put } = api(await freshBucket());
    expect((await put('odd', 'csdar5324')).status).toBe(200);
  });

  it('needs a known category, XML and a bucket; 50 are the most', async () => {
    const bucket = await freshBucket();
    const { put } = api(bucket);
    expect(ossError(await put('a', 'image/x', '&category=song')).code).toBe('InvalidArgument');
    expect(ossError(await request('put', `${pathOf(bucket)}?style&styleName=a`, { body: 'no xml' })).code).toBe(
      'MalformedXML',
    );
    expect(ossError(await api('no-such-bucket').put('a', 'image/x')).code).toBe('NoSuchBucket');
    for (let i = 0; i < 50; i += 1) expect((await put(`s${i}`, 'image/x')).status).toBe(200);
    expect(ossError(await put('s50', 'image/x'))).toMatchObject({ status: 400, code: 'InvalidArgument' });
    expect((await put('s49', 'image/y')).status).toBe(200);
  });

  it('what replaces a style keeps the time of its creation', async () => {
    const { put, get } = api(await freshBucket());
    const times = async () => {
      const { text } = await get('s');
      return [/<CreateTime>(.*?)</.exec(text)?.[1], /<LastModifyTime>(.*?)</.exec(text)?.[1]] as const;
    };
    await put('s', 'image/resize,w_1');
    const [created, modified] = await times();
    expect(modified).toBe(created);
    const end = Date.now() + 5000;
    // Times have whole seconds on the wire.
    do await put('s', 'image/resize,w_2');
    while ((await times())[1] === modified && Date.now() < end);
    const [still, later] = await times();
    expect(still).toBe(created);
    expect(Date.parse(later ?? '')).toBeGreaterThan(Date.parse(modified ?? ''));
  });

  it.each<[string, 'get' | 'delete' | 'put', string, string, string | undefined]>([
    ['GET without a name', 'get', '?style&styleName=', 'InvalidArgument', undefined],
    ['GET of a bad name', 'get', '?style&styleName=a!b', 'InvalidArgument', '0017-00000251'],
    ['DELETE without a name', 'delete', '?style', 'InvalidArgument', undefined],
    ['DELETE with an empty name', 'delete', '?style&styleName=', 'InvalidArgument', undefined],
    ['PUT without a name', 'put', '?style', 'InvalidArgument', undefined],
    ['PUT of a built-in name', 'put', '?style&styleName=::h264-mp4-720p', 'InvalidArgument', '0017-00000251'],
    ['PUT with an upper-case category', 'put', '?style&styleName=a&category=Image', 'InvalidArgument', undefined],
  ])('%s is refused', async (_, method, query, code, ec) => {
    const bucket = await freshBucket();
    const body = method === 'put' ? { body: style('image/resize,w_1') } : {};
    const error = ossError(await request(method, pathOf(bucket) + query, body));
    expect(error).toMatchObject({ status: 400, code });
    if (ec !== undefined) expect(error.ec).toBe(ec);
  });

  it('a bucket that is not there is told first', async () => {
    const missing = { status: 404, code: 'NoSuchBucket', ec: '0015-00000101' };
    const { put, get, list, remove } = api('no-such-bucket');
    for (const answer of [await put('a!', ''), await get(''), await list(), await remove('a')])
      expect(ossError(answer)).toMatchObject(missing);
  });

  it.each<[string, string]>([
    ['another root', '<Other><Content>image/resize,w_1</Content></Other>'],
    ['nothing', ''],
    ['half a document', '<Style><Content>image/resize,w_1'],
    ['an entity', '<!DOCTYPE s [<!ENTITY x "y">]><Style><Content>&x;</Content></Style>'],
  ])('%s is malformed', async (_, body) => {
    const path = `${pathOf(await freshBucket())}?style&styleName=a`;
    expect(ossError(await request('put', path, { body }))).toMatchObject({ status: 400, code: 'MalformedXML' });
  });

  it('a content in another Content-MD5 than its own is refused', async () => {
    const path = `${pathOf(await freshBucket())}?style&styleName=a`;
    const headers = { 'content-md5': 'XrY7u+Ae7tCTyyK7j1rNww==' };
    expect(ossError(await request('put', path, { body: style('image/resize,w_1'), headers })).code).toBe(
      'InvalidDigest',
    );
  });

  it('a content is escaped on its way out as it was on its way in', async () => {
    const { put, get, list } = api(await freshBucket());
    expect((await put('a', 'image/&lt;x&gt;&amp;&quot;')).status).toBe(200);
    const content = '<Content>image/&lt;x&gt;&amp;&quot;</Content>';
    expect((await get('a')).text).toContain(content);
    expect((await list()).text).toContain(content);
  });

  it('no declaration, no escaping, no Content-Type, `style=`: as the SDKs send it', async () => {
    const bucket = await freshBucket();
    const body = '<Style><Content>image/resize,p_50</Content></Style>';
    for (const query of [
      '?style&styleName=s',
      '?style=&styleName=s',
      '?styleName=s&style',
      `?style=${bucket}&styleName=s`,
    ])
      expect((await request('put', pathOf(bucket) + query, { body })).status).toBe(200);
    expect((await api(bucket).list()).text.match(/<Style>/g)).toHaveLength(1);
  });

  it('category is no part of a V1 signature, style and styleName are', async () => {
    const bucket = await freshBucket();
    const outcome = async (query: string) => {
      const headers = signedV1('GET', `/${bucket}/${query}`);
      const sent = await request('get', `${pathOf(bucket)}?style&category=document&styleName=s`, { headers });
      return sent.headers['x-ossite-auth'];
    };
    expect(await outcome('?style&styleName=s')).toBe('ok');
    expect(await outcome('?category=document&style&styleName=s')).toBe('mismatch');
  });

  it('styles go with their bucket', async () => {
    const bucket = await freshBucket();
    await api(bucket).put('s', 'image/resize,w_1');
    expect((await request('delete', pathOf(bucket))).status).toBe(204);
    await request('put', pathOf(bucket));
    expect((await api(bucket).list()).text).toContain('<StyleList/>');
  });
});

describe('a style in use', () => {
  it('is of its own bucket alone, and its mistakes are those of its text', async () => {
    const [bucket, other] = [await freshBucket(), await freshBucket()];
    for (const [name, content] of Object.entries({
      small: 'image/resize,w_50',
      nonsense: 'csdar5324',
      page: 'doc/convert,target_png',
      long: `image/resize,w_1${',w_1'.repeat(2100)}`,
    }))
      expect((await api(bucket).put(name, content)).status).toBe(200);
    for (const name of [bucket, other]) await put(name, 'photo.jpg', fixture('photo.jpg'));
    await put(bucket, 'text', Buffer.from('no picture'));

    expect(
      (await sharp((await processed(bucket, 'photo.jpg', 'style/small|image/rotate,90')).bytes).metadata()).height,
    ).toBe(50);
    expect(ossError(await processed(other, 'photo.jpg', 'style/small'))).toMatchObject({
      status: 404,
      code: 'NoSuchStyle',
    });
    expect(ossError(await processed(bucket, 'text', 'style/small'))).toMatchObject({
      status: 400,
      code: 'BadRequest',
      ec: '0040-00000005',
    });
    expect(ossError(await processed(bucket, 'photo.jpg', 'style/nonsense')).message).toBe(
      'operation not support get: csdar5324',
    );
    expect(ossError(await processed(bucket, 'photo.jpg', 'style/page')).message).toBe(
      'operation not support get: doc/convert',
    );
    expect(ossError(await processed(bucket, 'photo.jpg', 'style/long'))).toMatchObject({
      code: 'InvalidArgument',
      ec: '0017-00000288',
    });
    expect(ossError(await submitted(bucket, 'photo.jpg', `style/small${saveas('x')}`))).toMatchObject({
      status: 404,
      code: 'Imm Client',
    });
    expect(ossError(await submitted(bucket, 'photo.jpg', `style/never${saveas('x')}`))).toMatchObject({
      status: 404,
      code: 'NoSuchStyle',
    });
    expect(ossError(await posted(bucket, 'photo.jpg', `style/never${saveas('x')}`))).toMatchObject({
      status: 404,
      code: 'NoSuchStyle',
    });
  });
});
