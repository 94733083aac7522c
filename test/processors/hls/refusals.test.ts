/** What hls/m3u8 and hls/ts refuse, and what the wrapper if_status_eq_404{…} means (media.md §3.1, §17). */
import { beforeAll, describe, expect, it } from 'vitest';
import {
  b64,
  fixture,
  freshBucket,
  get,
  ossError,
  posted,
  processed,
  put,
  saveas,
  submitted,
} from '../../helpers/ossite.ts';
import { look, source } from '../media/sources.ts';
import { urisOf } from './playing.ts';

let bucket: string;
beforeAll(async () => {
  bucket = await freshBucket();
  await put(bucket, 'film.mp4', await source('film.mp4'));
});

/** A playlist without segments that are there; each in a folder of its own. */
async function playlist(folder: string, of = 'film.mp4'): Promise<{ key: string; text: string; segment: string }> {
  const answer = await posted(bucket, of, `hls/m3u8,st_5000,initd_0${saveas(`${folder}/v`)}`);
  expect(answer.status, answer.text).toBe(200);
  const { text } = await get(bucket, `${folder}/v.m3u8`);
  return { key: `${folder}/v.m3u8`, text, segment: `${folder}/${urisOf(text)[0]}` };
}

const live = (segment: string, key: string) => processed(bucket, segment, `if_status_eq_404{hls/ts,from_${b64(key)}}`);

describe('hls/m3u8', () => {
  it.each([
    ['st_4999', 'st'],
    ['st_15001', 'st'],
    ['ta_9', 'ta'],
    ['ta_31', 'ta'],
    ['initd_soon', 'initd'],
    ['vcodec_vp9', 'vcodec'],
    ['vcodec_copy', 'vcodec'],
    ['acodec_mp3', 'acodec'],
    ['s_639x360', 's'],
    ['pixfmt_yuva420p', 'pixfmt'],
    ['vb_100000,crf_20', 'crf'],
    ['ab_64000,aq_50', 'aq'],
  ])('%s', async (params, name) => {
    const { status, code, message } = ossError(await posted(bucket, 'film.mp4', `hls/m3u8,${params}${saveas('o')}`));
    expect({ status, code }).toEqual({ status: 400, code: 'Imm Client' });
    expect(message).toContain(`[${name}]`);
  });

  it('must be a POST that saves', async () => {
    const got = ossError(await processed(bucket, 'film.mp4', 'hls/m3u8'));
    expect(got).toMatchObject({ status: 400, code: 'InvalidArgument' });
    const unsaved = ossError(await posted(bucket, 'film.mp4', 'hls/m3u8'));
    expect(unsaved).toMatchObject({ status: 400, code: 'MissingArgument' });
    const later = ossError(await submitted(bucket, 'film.mp4', `hls/m3u8${saveas('o')}`));
    expect(later).toMatchObject({ status: 404, code: 'Imm Client' });
  });

  it('ignores g and other keys it does not take', async () => {
    const answer = await posted(bucket, 'film.mp4', `hls/m3u8,g_50,f_mp4,initd_0${saveas('unknown/v')}`);
    expect(answer.status, answer.text).toBe(200);
  });

  it.each<[what: string, bytes: () => Promise<Buffer> | Buffer, says: RegExp]>([
    [
      'a playlist of other files',
      () => Buffer.from('#EXTM3U\n#EXTINF:10,\nfile:///etc/passwd\n'),
      /cannot be read|playlist/,
    ],
    ['a letter', () => Buffer.from('Just a letter to a friend.\n'.repeat(40)), /cannot be read/],
    ['sound of unknown length', () => source('speech.aac'), /does not say how long/],
    ['a start beyond the end', () => source('small.mp4'), /beyond the end/],
  ])('refuses %s', async (what, bytes, says) => {
    await put(bucket, what, await bytes());
    const { status, code, message } = ossError(await posted(bucket, what, `hls/m3u8,ss_1000${saveas('never/v')}`));
    expect({ status, code }).toEqual({ status: 400, code: 'Imm Client' });
    expect(message).toMatch(says);
    expect((await get(bucket, 'never/v.m3u8')).status).toBe(404);
  });

  it('refuses to make nothing; sound alone is something', async () => {
    await put(bucket, 'sound.flac', await source('album.flac'));
    const error = ossError(await posted(bucket, 'sound.flac', `hls/m3u8,an_1,initd_0${saveas('never/v')}`));
    expect(error).toMatchObject({
      status: 400,
      code: 'Imm Client',
      message: expect.stringContaining('Nothing is left'),
    });
    const heard = await posted(bucket, 'sound.flac', `hls/m3u8${saveas('heard/v')}`);
    expect(JSON.parse(heard.text)).toMatchObject({ AudioPlaylist: [{ Channels: 2 }], VideoPlaylist: [] });
    const [uri = ''] = urisOf((await get(bucket, 'heard/v.m3u8')).text);
    const { bytes } = await get(bucket, `heard/${uri}`);
    expect(await look(bytes)).toMatchObject({ format: 'mpegts', audio: 'aac 44100 2' });
  });

  it('fpsopt_2 and its like are told when segments are made, by either request', async () => {
    const process = 'hls/m3u8,fps_60,fpsopt_2';
    const atOnce = ossError(await posted(bucket, 'film.mp4', `${process}${saveas('fps/v')}`));
    expect(atOnce).toMatchObject({ status: 400, code: 'Imm Client', message: expect.stringContaining('fpsopt_2') });
  });

  it('is what the built-in hls styles are', async () => {
    const answer = await posted(bucket, 'film.mp4', `style/::h264-hls-360p${saveas('styled/v')}`);
    expect(answer.status, answer.text).toBe(200);
    const { text } = await get(bucket, 'styled/v.m3u8');
    expect(urisOf(text)).toHaveLength(2);
    expect(JSON.parse(answer.text)).toMatchObject({ VideoPlaylist: [{ Resolution: '64x48' }] });
  });
});

describe('hls/ts', () => {
  it('makes segments of that playlist and nothing else', async () => {
    const { key, segment } = await playlist('names');
    for (const other of ['names/other.ts', segment.replace('-0.ts', '-3.ts'), 'v.ts', 'names/v.m3u8.ts']) {
      expect(ossError(await live(other, key))).toMatchObject({ status: 404, code: 'NoSuchKey' });
      expect((await get(bucket, other)).status).toBe(404);
    }
    const bare = await processed(bucket, segment, `hls/ts,from_${b64(key)}`);
    expect([bare.status, bare.headers['content-type']]).toEqual([200, 'video/MP2T']);
    const braces = await processed(bucket, segment.replace('-0.ts', '-2.ts'), `{hls/ts,from_${b64(key)}}`);
    expect(braces.status, braces.text).toBe(200);
    // It is there now, and given as it is even to those who ask for it to be made.
    const again = await processed(bucket, segment, `hls/ts,from_${b64(key)}`);
    expect(again.bytes.equals(bare.bytes)).toBe(true);
    const whatever = await processed(bucket, segment, 'if_status_eq_404{no/such,thing}');
    expect(whatever.bytes.equals(bare.bytes)).toBe(true);
  });

  it('keys of any spelling', async () => {
    const answer = await posted(bucket, 'film.mp4', `hls/m3u8,initd_0${saveas('spelt/ä b#1?%41')}`);
    expect(answer.status, answer.text).toBe(200);
    const key = 'spelt/ä b#1?%41.m3u8';
    const [uri = ''] = urisOf((await get(bucket, key)).text);
    expect(uri).toMatch(/^%C3%A4%20b%231%3F%2541-[0-9a-f]{32}-0\.ts$/);
    expect((await live(`spelt/${decodeURIComponent(uri)}`, key)).status).toBe(200);
  });

  it('another bucket may hold playlist and segments', async () => {
    const other = await freshBucket();
    const answer = await posted(bucket, 'film.mp4', `hls/m3u8,st_5000,initd_5000${saveas('v', other)}`);
    expect(JSON.parse(answer.text).VideoPlaylist[0].URI).toBe(`oss://${other}/v.m3u8`);
    const uris = urisOf((await get(other, 'v.m3u8')).text);
    expect((await get(other, uris[0] ?? '')).status).toBe(200);
    const made = await processed(other, uris[1] ?? '', `if_status_eq_404{hls/ts,from_${b64('v.m3u8')}}`);
    expect(made.status, made.text).toBe(200);
  });

  it.each<[what: string, change: (text: string) => string, status: number, says: RegExp]>([
    ['nothing of ours', () => '#EXTM3U\nv.ts\n', 400, /no playlist of hls\/m3u8/],
    ['no source', (text) => text.replace(/SOURCE:.*/, `SOURCE:${b64('[1]')}`), 400, /no playlist of hls\/m3u8/],
    [
      'another operation',
      (text) => text.replace(/PROCESS:.*/, `PROCESS:${b64('video/convert,f_mp4')}`),
      400,
      /names no/,
    ],
    ['a pipe', (text) => text.replace(/PROCESS:.*/, `PROCESS:${b64('hls/m3u8|sys/saveas,o_YQ')}`), 400, /names no/],
    ['bad values', (text) => text.replace(/PROCESS:.*/, `PROCESS:${b64('hls/m3u8,st_1')}`), 400, /\[st\]/],
    ['other values', (text) => text.replace(/PROCESS:.*/, `PROCESS:${b64('hls/m3u8,st_6000')}`), 400, /make it again/],
    ['a source that is gone', (text) => sourced(text, { bucket, key: 'gone' }), 404, /key does not exist/],
    ['a path', (text) => sourced(text, { bucket, key: '../../../etc/passwd' }), 404, /key does not exist/],
    ['a bucket that is gone', (text) => sourced(text, { bucket: 'no-such-bucket', key: 'k' }), 404, /bucket does not/],
  ])('a playlist that was changed: %s', async (what, change, status, says) => {
    const folder = `changed ${what}`;
    const { key, text, segment } = await playlist(folder);
    const changed = change(text);
    await put(bucket, key, Buffer.from(changed));
    const uri = urisOf(changed)[0] ?? '';
    const error = ossError(await live(uri === 'v.ts' ? `${folder}/v.ts` : segment, key));
    expect(error.status).toBe(status);
    expect(error.message).toMatch(says);
  });

  const sourced = (text: string, ref: object) => text.replace(/SOURCE:.*/, `SOURCE:${b64(JSON.stringify(ref))}`);

  it('a video that was replaced since is not taken for the old one', async () => {
    await put(bucket, 'new.mp4', await source('film.mp4'));
    const { key, segment } = await playlist('replaced', 'new.mp4');
    await put(bucket, 'new.mp4', await source('small.mp4'));
    const error = ossError(await live(segment, key));
    expect(error).toMatchObject({ status: 400, code: 'Imm Client', message: expect.stringContaining('make it again') });
    expect((await get(bucket, segment)).status).toBe(404);
  });

  it('no playlist, no from, no POST', async () => {
    expect(ossError(await live('a.ts', 'nowhere.m3u8'))).toMatchObject({ status: 404, code: 'NoSuchKey' });
    const without = ossError(await processed(bucket, 'a.ts', 'if_status_eq_404{hls/ts}'));
    expect(without).toMatchObject({ status: 400, code: 'Imm Client' });
    expect(without.message).toContain('[from]:is required');
    const sent = ossError(await posted(bucket, 'film.mp4', `hls/ts,from_${b64('v.m3u8')}${saveas('o.ts')}`));
    expect(sent).toMatchObject({ status: 400, code: 'InvalidArgument' });
  });
});

describe('if_status_eq_404{…} around other operations', () => {
  it('gives what is there, processes nothing that is not, and means nothing without its condition', async () => {
    await put(bucket, 'photo.jpg', fixture('photo.jpg'));
    const there = await processed(bucket, 'photo.jpg', 'if_status_eq_404{image/resize,w_10}');
    expect(there.bytes.equals(fixture('photo.jpg'))).toBe(true);
    expect(there.headers).toHaveProperty('x-oss-hash-crc64ecma');
    const missing = ossError(await processed(bucket, 'missing.jpg', 'if_status_eq_404{image/resize,w_10}'));
    expect(missing).toMatchObject({ status: 404, code: 'NoSuchKey', ec: '0040-00000024' });
    const unconditional = await processed(bucket, 'photo.jpg', '{image/info}');
    expect(JSON.parse(unconditional.text)).toHaveProperty('ImageWidth');
  });
});
