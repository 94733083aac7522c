/** Strict mode: what an anonymous request reads or writes beside the object it names needs a right of its own. */
import { beforeAll, describe, expect, it } from 'vitest';
import { b64, fixture, ossError, saveas } from '../helpers/ossite.ts';
import { ownServer } from '../helpers/own-server.ts';
import { signedV1 } from '../helpers/sign.ts';

const buckets = 'shop:public-read,closed,blocked:public-read,drop:public-read-write,kept:public-read-write';
const door = await ownServer({ auth: 'strict', log: 'error', buckets });

async function owner(method: 'put' | 'get', resource: string, body: string | Buffer = '', headers = {}) {
  const signed = signedV1(method.toUpperCase(), resource, 'application/octet-stream');
  const answer = await door.request(method, resource, { headers: { ...signed, ...headers }, body });
  if (answer.status !== 200) throw new Error(answer.text);
}

const everybody = { Principal: ['*'] };
const policyOf = (...statements: readonly object[]) => JSON.stringify({ Version: '1', Statement: statements });
const everything = { ...everybody, Effect: 'Allow', Action: ['oss:*'], Resource: ['*'] };
const keep = (resource: string) => ({
  ...everybody,
  Effect: 'Deny',
  Action: ['oss:GetObject', 'oss:DeleteObject'],
  Resource: [`acs:oss:*:*:${resource}`],
});

beforeAll(async () => {
  const photo = fixture('photo.jpg');
  for (const bucket of ['shop', 'closed', 'blocked', 'kept'])
    for (const key of ['photo.jpg', 'secret/photo.jpg', 'own.jpg']) await owner('put', `/${bucket}/${key}`, photo);
  const block =
    '<PublicAccessBlockConfiguration><BlockPublicAccess>true</BlockPublicAccess></PublicAccessBlockConfiguration>';
  await owner('put', '/blocked/?publicAccessBlock', block);
  await owner('put', '/shop/?policy', policyOf(keep('shop/secret/*')));
  await owner('put', '/kept/?policy', policyOf(everything, keep('kept/secret/*')));
  const process = `image/resize,w_40/watermark,image_${b64('secret/photo.jpg')}`;
  await owner('put', '/shop/?style&styleName=marked', `<Style><Content>${process}</Content></Style>`);
});

describe('the source of a copy', () => {
  it.each([
    ['shop/photo.jpg', 200],
    ['shop/secret/photo.jpg', 403],
    ['closed/photo.jpg', 403],
    ['blocked/photo.jpg', 403],
    ['kept/photo.jpg', 200],
    ['kept/secret/photo.jpg', 403],
    ['nowhere/photo.jpg', 404],
  ])('%s: %i', async (source, status) => {
    const headers = { 'x-oss-copy-source': `/${source}` };
    expect((await door.request('put', '/drop/copy.jpg', { headers })).status).toBe(status);
  });
});

describe('what a symlink points to', () => {
  it.each([
    ['shop', 'photo.jpg', 200],
    ['shop', 'secret/photo.jpg', 403],
    ['kept', 'photo.jpg', 200],
    ['kept', 'secret/photo.jpg', 403],
  ])('in %s, %s: %i', async (bucket, target, status) => {
    // One that anybody may write where anybody may.
    const link = `/${bucket}/link-${b64(target)}`;
    const signed = bucket === 'shop' ? signedTo(`${link}?symlink`, target) : { 'x-oss-symlink-target': target };
    expect((await door.request('put', `${link}?symlink`, { headers: signed })).status).toBe(200);
    expect((await door.request('get', link)).status).toBe(status);
    expect((await door.request('get', `${link}?x-oss-process=image/resize,w_40`)).status).toBe(status);
  });

  const signedTo = (resource: string, target: string) => ({
    ...signedV1('PUT', resource.replace('/shop', `x-oss-symlink-target:${target}\n/shop`)),
    'x-oss-symlink-target': target,
  });

  it('in a closed bucket is what its policy shows', async () => {
    const show = { ...everybody, Effect: 'Allow', Action: ['oss:GetObject'], Resource: ['acs:oss:*:*:closed/*'] };
    await owner('put', '/closed/?policy', policyOf(show, keep('closed/secret/*')));
    for (const [target, status] of [
      ['photo.jpg', 200],
      ['secret/photo.jpg', 403],
    ] as const) {
      const headers = signedV1('PUT', `x-oss-symlink-target:${target}\n/closed/link?symlink`);
      await door.request('put', '/closed/link?symlink', { headers: { ...headers, 'x-oss-symlink-target': target } });
      expect((await door.request('get', '/closed/link')).status).toBe(status);
    }
  });
});

describe('a watermark', () => {
  const marked = (key: string) => `image/resize,w_40/watermark,image_${b64(key)}`;
  it.each([
    [marked('own.jpg'), 200],
    [marked('secret/photo.jpg'), 403],
    [marked('secret/photo.jpg?x-oss-process=image/resize,w_10'), 403],
    // A style is the owner's word.
    ['style/marked', 200],
    [`style/marked|${marked('secret/photo.jpg')}`, 403],
  ])('%s: %i', async (process, status) => {
    expect((await door.processed('shop', 'photo.jpg', process)).status).toBe(status);
  });
});

describe('what a POST makes', () => {
  const path = '/kept/photo.jpg';
  it.each([
    ['x-oss-process', `image/resize,w_40${saveas('made.jpg', 'closed')}`],
    ['x-oss-process', `image/resize,w_40${saveas('made.jpg')}`],
    ['x-oss-async-process', `video/convert,f_mp4${saveas('made.mp4', 'closed')}`],
  ])('with %s is for those who sign, whatever a policy says', async (name, process) => {
    const answer = await door.request('post', `${path}?${name}`, { body: `${name}=${process}` });
    expect(ossError(answer)).toMatchObject({ status: 403, code: 'AccessDenied' });
    const headers = signedV1('GET', '/closed/made.jpg');
    expect((await door.request('get', '/closed/made.jpg', { headers })).status).toBe(404);
  });
});

it('DeleteMultipleObjects removes nothing when a policy keeps one of its objects', async () => {
  const remove = (...keys: readonly string[]) =>
    door.request('post', '/kept/?delete', {
      body: `<Delete>${keys.map((key) => `<Object><Key>${key}</Key></Object>`).join('')}</Delete>`,
    });
  expect((await remove('own.jpg', 'secret/photo.jpg')).status).toBe(403);
  expect((await door.request('get', '/kept/own.jpg')).status).toBe(200);
  expect((await remove('own.jpg')).status).toBe(200);
  expect((await door.request('get', '/kept/own.jpg')).status).toBe(404);
});
