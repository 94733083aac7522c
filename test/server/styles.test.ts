import { describe, expect, it } from 'vitest';
import { freshBucket, ossError, pathOf, request } from '../helpers/ossite.ts';

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
});
