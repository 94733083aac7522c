/**
 * The requests of the page the product starts from (help page "sys/saveas"), sent as they are printed there: path, Host,
 * headers and body to the letter, misspelt names included. Only Content-Length is the body's own.
 */
import { execFileSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import sharp from 'sharp';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type Answer, ensureBucket, finished, fixture, get, put, request } from '../helpers/ossite.ts';

const V4 =
  'OSS4-HMAC-SHA256 Credential=LTAI********************/20250417/cn-hangzhou/oss/aliyun_v4_request,Signature=a7c3554c729d71929e0b84489addee6b2e8d5cb48595adfc51868c299c0c218e';

const dir = mkdtempSync(join(tmpdir(), 'ossite-page-'));
afterAll(() => rmSync(dir, { recursive: true }));

const send = (path: string, host: string, body: string) =>
  request('post', path, { body, headers: { host, date: 'Fri, 28 Oct 2022 06:40:10 GMT', authorization: V4 } });

async function outcome(answer: Answer) {
  expect(answer.status, answer.text).toBe(200);
  expect(answer.headers['content-type']).toBe('application/json;charset=utf-8');
  const ids = JSON.parse(answer.text) as Record<string, string>;
  expect(Object.keys(ids)).toEqual(['EventId', 'RequestId', 'TaskId']);
  expect(ids.EventId).toMatch(/^[0-9A-F]{3}-[0-9A-Za-z]{27}$/);
  expect(ids.RequestId).toMatch(/^[0-9A-F]{8}(-[0-9A-F]{4}){3}-[0-9A-F]{12}$/);
  return finished(ids.TaskId as string);
}

const putStyle = (bucket: string, content: string) =>
  request('put', `/${bucket}?style&styleName=examplestyle`, { body: `<Style><Content>${content}</Content></Style>` });

function probe(bytes: Buffer, name: string) {
  const file = join(dir, name);
  writeFileSync(file, bytes);
  const out = execFileSync('ffprobe', [
    '-v',
    'error',
    '-show_streams',
    '-show_format',
    '-count_frames',
    '-of',
    'json',
    file,
  ]);
  return JSON.parse(out.toString()) as {
    streams: Record<string, string | number>[];
    format: { format_name: string; duration: string };
  };
}

describe('images', () => {
  const host = 'oss-example.oss.aliyuncs.com';
  beforeAll(async () => {
    await Promise.all([ensureBucket('oss-example'), ensureBucket('test')]);
    await put('oss-example', 'ObjectName', fixture('photo.jpg'), { 'content-type': 'image/jpeg' });
    await putStyle('oss-example', 'image/resize,w_120');
  });

  it.each([
    ['processing parameters', 'x-oss-process=image/resize,w_100|sys/saveas,o_dGVzdC5qcGc,b_dGVzdA', 100],
    ['style', 'x-oss-process=style/examplestyle|sys/saveas,o_dGVzdC5qcGc,b_dGVzdA', 120],
  ])('using %s', async (_, body, width) => {
    const answer = await send('/ObjectName?x-oss-process', host, body);
    const saved = await get('test', 'test.jpg');
    expect(answer.text).toBe(
      `{\n    "bucket": "test",\n    "fileSize": ${saved.bytes.length},\n    "object": "test.jpg",\n    "status": "OK"}`,
    );
    expect([answer.status, answer.headers['content-type'], answer.headers['x-oss-hash-crc64ecma']]).toEqual([
      200,
      'application/json',
      undefined,
    ]);
    expect(await sharp(saved.bytes).metadata()).toMatchObject({ format: 'jpeg', width });
    expect(saved.headers['content-type']).toBe('image/jpeg');
  });
});

describe('documents', () => {
  const host = 'doc-demo.oss-cn-hangzhou.aliyuncs.com';
  beforeAll(async () => {
    await Promise.all([ensureBucket('doc-demo'), ensureBucket('test-bucket')]);
    await put('doc-demo', 'exmaple.docx', fixture('report.docx'));
    await putStyle('doc-demo', 'doc/convert,target_png,source_docx');
  });

  it.each([
    ['processing parameters', 'doc/convert,target_png,source_docx'],
    ['a style', 'style/examplestyle'],
  ])('DOCX to PNG, using %s', async (_, process) => {
    const body = `x-oss-async-process=${process}|sys/saveas,b_dGVzdC1idWNrZXQ,o_ZG9jX2ltYWdlcy97aW5kZXh9LnBuZw`;
    const task = await outcome(await send('/exmaple.docx?x-oss-async-process', host, body));
    expect(task).toMatchObject({
      Status: 'Succeeded',
      Code: '',
      Message: '',
      Progress: 100,
      TaskType: 'OfficeConversion',
    });
    expect(task.Outputs.map(({ Bucket, Key }) => `${Bucket}/${Key}`)).toEqual([
      'test-bucket/doc_images/1.png',
      'test-bucket/doc_images/2.png',
    ]);
    for (const { Key, Size } of task.Outputs) {
      const { bytes, headers } = await get('test-bucket', Key);
      expect([bytes.length, headers['content-type']]).toEqual([Size, 'image/png']);
      const { format, width = 0, height = 0 } = await sharp(bytes).metadata();
      // A4 at 96 dots per inch, and not an empty page.
      expect([format, Math.abs(width - 794) <= 1, Math.abs(height - 1123) <= 1]).toEqual(['png', true, true]);
      expect((await sharp(bytes).stats()).channels[0]?.stdev).toBeGreaterThan(5);
    }
  });
});

describe('videos', () => {
  const host = 'video-demo.oss-cn-hangzhou.aliyuncs.com';
  beforeAll(async () => {
    await Promise.all([ensureBucket('video-demo'), ensureBucket('outbucket')]);
    const file = join(dir, 'A.avi');
    const sources = ['-f', 'lavfi', '-i', 'testsrc2=s=640x360:r=25:d=1', '-f', 'lavfi', '-i', 'sine=440:r=44100:d=1'];
    execFileSync('ffmpeg', ['-v', 'error', '-y', ...sources, '-c:v', 'mpeg4', '-c:a', 'libmp3lame', '-ac', '2', file]);
    await put('video-demo', 'exmaple.avi', readFileSync(file));
  });

  const asPrinted = async (task: Awaited<ReturnType<typeof outcome>>, bucket: string, key: string) => {
    expect(task, task.Message).toMatchObject({ Status: 'Succeeded', Progress: 100, TaskType: 'MediaConvert' });
    expect(task.Outputs.map(({ Bucket, Key }) => [Bucket, Key])).toEqual([[bucket, key]]);
    const { bytes, headers } = await get(bucket, key);
    expect(headers['content-type']).toBe('video/mp4');
    const { streams, format } = probe(bytes, 'out.mp4');
    expect(format.format_name).toContain('mp4');
    expect(streams.map(({ codec_name }) => codec_name)).toEqual(['hevc', 'aac']);
    expect(streams[0]).toMatchObject({ width: 1920, height: 1080, avg_frame_rate: '30/1' });
    expect(Number(streams[0]?.nb_read_frames)).toBeGreaterThanOrEqual(29);
    expect(streams[1]).toMatchObject({ sample_rate: '44100', channels: 2 });
    expect(Math.abs(Number(format.duration) - 1)).toBeLessThan(0.15);
  };

  it('AVI to MP4, using processing parameters: two names and no bucket, so the first name in the source bucket', async () => {
    const body =
      'x-oss-async-process=video/convert,f_mp4,vcodec_h265,s_1920x1080,vb_2000000,fps_30,acodec_aac,ab_100000,sn_1|sys/saveas,o_b3V0b2JqLnthdXRvZXh0fQo,o_b3V0b2JqcHJlZml4LnthdXRvZXh0fQ';
    await asPrinted(
      await outcome(await send('/exmaple.avi?x-oss-async-process', host, body)),
      'video-demo',
      'outobj.mp4',
    );
  });

  it('AVI to MP4, using a style', async () => {
    await putStyle(
      'video-demo',
      'video/convert,f_mp4,vcodec_h265,s_1920x1080,vb_2000000,fps_30,acodec_aac,ab_100000,sn_1',
    );
    const body = 'x-oss-async-process=style/examplestyle|sys/saveas,b_b3V0YnVja2V0,o_b3V0b2JqcHJlZml4LnthdXRvZXh0fQ';
    await asPrinted(
      await outcome(await send('/exmaple.avi?x-oss-async-process', host, body)),
      'outbucket',
      'outobjprefix.mp4',
    );
  });
});

/**
 * The requests whose sources the page names exmaple.mkv, example.mkv and exmaple.mp3. The sources are as long as the
 * page's numbers ask for, and small otherwise.
 */
describe('pictures of videos, concatenation, audio', () => {
  const host = 'video-demo.oss-cn-hangzhou.aliyuncs.com';
  const picture = (size: string, rate: number, seconds: number) => [
    ...['-f', 'lavfi', '-i', `testsrc2=s=${size}:r=${rate}:d=${seconds}`],
  ];
  const tone = (rate: number, seconds: number) => ['-f', 'lavfi', '-i', `sine=440:r=${rate}:d=${seconds}`];
  const h264 = ['-c:v', 'libx264', '-preset', 'ultrafast', '-pix_fmt', 'yuv420p'];
  const main = [...picture('320x180', 25, 30), ...tone(44100, 30), ...h264, '-c:a', 'aac', '-ac', '2'];
  const recipes: Readonly<Record<string, readonly string[]>> = {
    'example.mkv': main,
    'pre.mov': [...picture('160x90', 30, 20), ...h264],
    'sur.mov': main,
    'exmaple.mp3': [...tone(44100, 90), '-ac', '2', '-b:a', '128k'],
    'pre1.mp3': [...tone(44100, 3), '-ac', '2'],
    'pre2.wav': tone(48000, 5),
    'sur1.aac': [...tone(44100, 20), '-c:a', 'aac'],
    'sur2.wma': [...tone(44100, 15), '-c:a', 'wmav2'],
  };

  beforeAll(async () => {
    await Promise.all([ensureBucket('video-demo'), ensureBucket('outbucket')]);
    for (const [name, recipe] of Object.entries(recipes)) {
      const file = join(dir, name);
      execFileSync('ffmpeg', ['-v', 'error', '-y', ...recipe, file]);
      await put('video-demo', name, readFileSync(file));
    }
    // Misspelt where the page misspells it.
    await put('video-demo', 'exmaple.mkv', readFileSync(join(dir, 'example.mkv')));
  });

  /** The names the page prints, as keys of outbucket. */
  async function outputs(path: string, process: string, target: string): Promise<readonly Output[]> {
    const body = `x-oss-async-process=${process}|sys/saveas,b_b3V0YnVja2V0,o_${target}`;
    const task = await outcome(await send(`${path}?x-oss-async-process`, host, body));
    expect(task, task.Message).toMatchObject({ Status: 'Succeeded', Progress: 100, TaskType: 'MediaConvert' });
    return Promise.all(
      task.Outputs.map(async ({ Bucket, Key }) => {
        const { bytes, headers } = await get(Bucket, Key);
        return { name: `${Bucket}/${Key}`, type: headers['content-type'], bytes };
      }),
    );
  }
  interface Output {
    readonly name: string;
    readonly type: string | undefined;
    readonly bytes: Buffer;
  }

  const PREFIX = 'b3V0b2JqcHJlZml4LnthdXRvZXh0fQ';
  const NUMBERED = 'b3V0b2JqcHJlZml4LXtpbmRleH0ue2F1dG9leHR9Cg';

  /** Each request as it is printed, and once more with its parameters in a style. */
  const both = (path: string, process: string, target: string) =>
    [
      ['processing parameters', () => outputs(path, process, target)],
      [
        'a style',
        async () => {
          await putStyle('video-demo', process);
          return outputs(path, 'style/examplestyle', target);
        },
      ],
    ] as const;

  it.each(both('/exmaple.mkv', 'video/animation,f_gif,w_100,h_100,inter_1000', PREFIX))(
    'MKV to GIF, using %s',
    async (_, run) => {
      const [gif, ...more] = await run();
      expect([gif?.name, gif?.type, more]).toEqual(['outbucket/outobjprefix.gif', 'image/gif', []]);
      const { width, pageHeight, pages, delay } = await sharp(gif?.bytes, { animated: true }).metadata();
      expect([width, pageHeight, pages, [...new Set(delay)]]).toEqual([100, 100, 30, [1000]]);
    },
  );

  const sprite = 'video/sprite,f_jpg,sw_100,sh_100,inter_10000,tw_10,th_10,pad_0,margin_0';
  it.each(both('/example.mkv', sprite, NUMBERED))('MKV to JPG sprite, using %s', async (_, run) => {
    const [sheet, ...more] = await run();
    expect([sheet?.name, sheet?.type, more]).toEqual(['outbucket/outobjprefix-1.jpg', 'image/jpeg', []]);
    expect(await sharp(sheet?.bytes).metadata()).toMatchObject({ format: 'jpeg', width: 1000, height: 1000 });
    // sharp's stats are those of its input, not of what an extract takes from it.
    const tile = async (left: number, top: number) =>
      sharp(await sharp(sheet?.bytes).extract({ left, top, width: 100, height: 100 }).toBuffer()).stats();
    for (const left of [0, 100, 200]) expect((await tile(left, 0)).channels[0]?.stdev).toBeGreaterThan(30);
    for (const [left, top] of [
      [300, 0],
      [0, 100],
      [900, 900],
    ] as const) {
      expect((await tile(left, top)).channels.map(({ mean }) => mean < 5)).toEqual([true, true, true]);
    }
  });

  const snapshots = 'video/snapshots,f_jpg,w_100,h_100,scaletype_crop,inter_10000';
  it.each(both('/example.mkv', snapshots, NUMBERED))('MKV to JPG snapshots, using %s', async (_, run) => {
    const made = await run();
    expect(made.map(({ name }) => name)).toEqual([1, 2, 3].map((n) => `outbucket/outobjprefix-${n}.jpg`));
    for (const { bytes, type } of made) {
      expect(type).toBe('image/jpeg');
      expect(await sharp(bytes).metadata()).toMatchObject({ format: 'jpeg', width: 100, height: 100 });
    }
    expect(new Set(made.map(({ bytes }) => bytes.toString('base64'))).size).toBe(3);
  });

  const concat =
    'video/concat,ss_10000,f_mp4,vcodec_h264,fps_25,vb_1000000,acodec_aac,ab_96000,ar_48000,ac_2,align_1/pre,o_cHJlLm1vdgo/sur,o_c3VyLm1vdg,t_10000';
  it.each(both('/example.mkv', concat, PREFIX))('MKV and MOV files joined, using %s', async (_, run) => {
    const [film, ...more] = await run();
    expect([film?.name, film?.type, more]).toEqual(['outbucket/outobjprefix.mp4', 'video/mp4', []]);
    const { streams, format } = probe(film?.bytes as Buffer, 'joined.mp4');
    expect(Math.abs(Number(format.duration) - 50)).toBeLessThan(0.1);
    expect(streams[0]).toMatchObject({ codec_name: 'h264', width: 320, height: 180, avg_frame_rate: '25/1' });
    expect(Math.abs(Number(streams[0]?.nb_read_frames) - 1250)).toBeLessThanOrEqual(1);
    expect(streams[1]).toMatchObject({ codec_name: 'aac', sample_rate: '48000', channels: 2 });
  });

  /** A packet of AAC has 1024 samples; the duration in an ADTS file is a guess. */
  const seconds = (frames: string | number | undefined, rate: number) => (Number(frames) * 1024) / rate;

  it.each(both('/exmaple.mp3', 'audio/convert,ss_10000,t_60000,f_aac,ab_96000', PREFIX))(
    'MP3 to AAC, using %s',
    async (_, run) => {
      const [song, ...more] = await run();
      expect([song?.name, song?.type, more]).toEqual(['outbucket/outobjprefix.aac', 'audio/aac', []]);
      const { streams, format } = probe(song?.bytes as Buffer, 'song.aac');
      expect(format.format_name).toBe('aac');
      expect(streams).toMatchObject([{ codec_name: 'aac', sample_rate: '44100', channels: 2 }]);
      expect(Math.abs(seconds(streams[0]?.nb_read_frames, 44100) - 60)).toBeLessThan(0.1);
    },
  );

  const joined =
    'audio/concat,f_aac,ab_96000,ar_48000,ac_1,align_2/pre,o_cHJlMS5tcDMK/pre,o_cHJlMi53YXYK,t_2000/sur,o_c3VyMS5hYWMK,ss_4000,t_10000/sur,o_c3VyMi53bWEK,ss_10000';
  it.each(both('/exmaple.mp3', joined, PREFIX))('MP3, WAV, AAC and WMA files joined, using %s', async (_, run) => {
    const [song, ...more] = await run();
    expect([song?.name, song?.type, more]).toEqual(['outbucket/outobjprefix.aac', 'audio/aac', []]);
    const { streams } = probe(song?.bytes as Buffer, 'joined.aac');
    expect(streams).toMatchObject([{ codec_name: 'aac', sample_rate: '48000', channels: 1 }]);
    // 3 + 2 + 90 + 10 + 5: t is how long, not until when (media.md §1.4).
    expect(Math.abs(seconds(streams[0]?.nb_read_frames, 48000) - 110)).toBeLessThan(0.2);
  });
});
