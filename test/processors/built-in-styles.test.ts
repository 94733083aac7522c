/** `style/::name`: the styles that every bucket has (media.md §3.4). */
import { describe, expect, it } from 'vitest';
import { describeBuiltInStyles } from '../../src/processors/built-in-styles.ts';
import { plan } from '../../src/processors/plan.ts';
import { loadRegistry } from '../../src/processors/registry.ts';
import { converted, freshBucket, get, ossError, processed, put, saveas, submitted } from '../helpers/ossite.ts';
import { look, source } from './media/sources.ts';

const registry = await loadRegistry();
const styles = describeBuiltInStyles();
const contentOf = (name: string) => styles.find((style) => style.name === name)?.content;

describe('their texts', () => {
  it.each([
    [
      '::h264-mp4-360p',
      'video/convert,f_mp4,vcodec_h264,fps_25,fpsopt_1,s_640x,sopt_1,scaletype_fit,arotate_1,crf_25,g_250,acodec_aac,ar_44100,ac_2,ab_64000,abopt_1',
    ],
    [
      '::h264-mp4-1080p',
      'video/convert,f_mp4,vcodec_h264,fps_25,fpsopt_1,s_1920x,sopt_1,scaletype_fit,arotate_1,crf_26,g_250,acodec_aac,ar_44100,ac_2,ab_160000,abopt_1',
    ],
    [
      '::h264-mp4-2160p',
      'video/convert,f_mp4,vcodec_h264,fps_60,fpsopt_1,s_3840x,sopt_1,scaletype_fit,arotate_1,crf_26,g_250,acodec_aac,ar_48000,ab_512000,abopt_1',
    ],
    [
      '::h264-hls-360p',
      'hls/m3u8,vcodec_h264,fps_25,fpsopt_1,s_480x,sopt_1,scaletype_fit,arotate_1,crf_25,acodec_aac,ar_44100,ac_2,ab_64000,abopt_1,st_10000,initd_30000',
    ],
    [
      '::h264-hls-720p',
      'hls/m3u8,vcodec_h264,fps_25,fpsopt_1,s_960x,sopt_1,scaletype_fit,arotate_1,crf_26,acodec_aac,ar_44100,ac_2,ab_128000,abopt_1,st_5000,initd_30000',
    ],
  ])('%s is as in the console', (name, content) => expect(contentOf(name)).toBe(content));

  // hls/m3u8 is another operation's work: its styles plan as soon as it is there.
  const plannable = styles.filter(({ content }) => {
    const [family = '', operation = ''] = content.split(',', 1)[0]?.split('/') ?? [];
    return family !== 'hls' || registry.operation(family, operation) !== undefined;
  });

  it.each(plannable)('$name is a good process string', ({ name, content }) => {
    const via = content.startsWith('hls/') ? 'post' : 'async';
    const know = { registry, style: () => undefined, strict: true };
    const made = plan(`style/${name}|sys/saveas,o_dA`, via, know);
    expect([made.process, made.warnings]).toEqual([`${content}|sys/saveas,o_dA`, []]);
  });
});

describe('through the front door', () => {
  // Vector C23 of media.md §21.2.
  it('::h264-mp4-1080p keeps the size of a smaller source, and its rate', async () => {
    const bucket = await freshBucket();
    await put(bucket, 'M1.mp4', await source('M1.mp4'));
    const task = await converted(bucket, 'M1.mp4', `style/::h264-mp4-1080p${saveas('x.{autoext}')}`);
    expect(task, task.Message).toMatchObject({ Status: 'Succeeded', Outputs: [{ Key: 'x.mp4' }], Warnings: [] });
    const seen = await look((await get(bucket, 'x.mp4')).bytes);
    expect([seen.video, seen.audio]).toEqual(['h264 1280x720 25', 'aac 44100 2']);
  });

  it('an unknown one is no style; a known one of the other kind is refused as its text would be', async () => {
    const bucket = await freshBucket();
    await put(bucket, 'x', Buffer.from('x'));
    const unknown = { status: 404, code: 'NoSuchStyle', message: 'The style you get is not found.' };
    expect(ossError(await submitted(bucket, 'x', `style/::h264-mp4-99p${saveas('y')}`))).toMatchObject(unknown);
    expect(ossError(await processed(bucket, 'x', 'style/::'))).toMatchObject(unknown);
    expect(ossError(await processed(bucket, 'x', 'style/::h264-mp4-720p'))).toMatchObject({
      status: 400,
      code: 'InvalidArgument',
      message: 'operation not support get: video/convert',
    });
  });
});
