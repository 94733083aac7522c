/** Variables in the names of `sys/saveas` (documents-styles-tasks.md §2), for each kind of request. */
import { beforeAll, describe, expect, it } from 'vitest';
import { b64, converted, fixture, freshBucket, get, head, posted, put, saveas } from '../helpers/ossite.ts';
import { look } from '../processors/media/sources.ts';

let bucket: string;
const PHOTO = 'dir/sub/photo.v1.jpg';
const CLIP = 'dir/sub/clip.v1.mp4';
const REPORT = 'dir/sub/report.v1.docx';

beforeAll(async () => {
  bucket = await freshBucket();
  await put(bucket, PHOTO, fixture('photo.jpg'), { 'content-type': 'image/jpeg' });
  await put(bucket, CLIP, fixture('clip.mp4'), { 'content-type': 'video/mp4' });
  await put(bucket, REPORT, fixture('report.docx'));
});

describe('variables', () => {
  /** Each variable that every operation has, and what it must become for a source. */
  async function expected(key: string): Promise<readonly (readonly [string, string])[]> {
    const uploaded = new Date((await head(bucket, key)).headers['last-modified'] ?? '').toISOString();
    const base = key.slice(key.lastIndexOf('/') + 1);
    return [
      ['{bucket}', bucket],
      ['{key}', key],
      ['{dirname}', 'dir/sub'],
      ['{basename}', base],
      ['{barename}', base.slice(0, base.lastIndexOf('.'))],
      ['{ext}', base.slice(base.lastIndexOf('.') + 1)],
      ['{year}-{mon}-{day}T{hour}:{min}:{sec}', uploaded.slice(0, 19)],
      ['x{{y}}', 'x{y}'],
    ];
  }

  const asTemplate = (pairs: readonly (readonly [string, string])[]) => ({
    template: `{bucket}~${pairs.map(([text]) => text).join('~')}~{t_year}-{t_mon}-{t_day}T{t_hour}:{t_min}:{t_sec}`,
    result: `${bucket}~${pairs.map(([, value]) => value).join('~')}~`,
  });

  /** The rest of a name is the time of the request, in UTC. */
  function expectNow(key: string, result: string, since: number): void {
    expect(key.slice(0, result.length)).toBe(result);
    const time = Date.parse(`${key.slice(result.length)}Z`);
    expect(time).toBeGreaterThanOrEqual(Math.floor(since / 1000) * 1000);
    expect(time).toBeLessThanOrEqual(Date.now());
  }

  it('of a picture', async () => {
    const { template, result } = asTemplate([...(await expected(PHOTO)), ['{autoext}', 'webp']]);
    const since = Date.now();
    const process = `image/format,webp|sys/saveas,o_${b64(template)},b_${b64('{bucket}')}`;
    const answer = JSON.parse((await posted(bucket, PHOTO, process)).text) as { bucket: string; object: string };
    expect(answer.bucket).toBe(bucket);
    expectNow(answer.object, result, since);
    expect((await get(bucket, answer.object)).status).toBe(200);
  });

  it.each([
    [CLIP, 'video/convert,f_mkv', { autoext: 'mkv', index: '1', streamindex: '0', resolution: '' }],
    [REPORT, 'doc/convert,target_jpg,pages_2', { autoext: 'jpg', index: '2' }],
  ] as const)('of %s', async (key, process, own) => {
    const { video = '' } = key === CLIP ? await look(fixture('clip.mp4')) : {};
    const more = Object.entries({ ...own, ...('resolution' in own ? { resolution: video.split(' ')[1] ?? '' } : {}) });
    const pairs = more.map(([name, value]) => [`{${name}}`, value] as const);
    const { template, result } = asTemplate([...(await expected(key)), ...pairs]);
    const since = Date.now();
    // A dot in front of the last part: media appends an extension where a name has none.
    const o = template.replace('~{t_year}', '~.{t_year}');
    const task = await converted(bucket, key, `${process}|sys/saveas,b_${b64('{bucket}')},o_${b64(o)}`);
    expect(task, task.Message).toMatchObject({ Status: 'Succeeded', Outputs: [{ Bucket: bucket }] });
    expectNow(task.Outputs[0]?.Key ?? '', `${result}.`, since);
  });

  it.each([
    ['root.jpg', 'image/jpeg', '{dirname}/{barename}.x', 'root.x'],
    ['a.tar.gz', 'image/jpeg', '{barename}+{ext}', 'a.tar+gz'],
    ['.env', 'image/png', '{barename}+{ext}', '.env+png'],
    ['d.d/noext', 'image/jpeg', '{dirname}~{barename}.{ext}', 'd.d~noext.jpg'],
    ['unknown', 'application/octet-stream', '{barename}.{ext}', 'unknown.'],
    ['braces.jpg', 'image/jpeg', '{{{barename}}}', '{braces}'],
  ])('of %s (%s), %s becomes %s', async (key, type, template, name) => {
    await put(bucket, key, fixture('photo.jpg'), { 'content-type': type });
    const answer = await posted(bucket, key, `image/resize,w_20${saveas(template)}`);
    expect(JSON.parse(answer.text), answer.text).toMatchObject({ object: name });
  });
});
