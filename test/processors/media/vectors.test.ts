/**
 * The acceptance vectors of media.md §21.2, each by its number. `npm run test:long` runs them with sources as long as the
 * specification has them; here every time in them, and in the requests, is a fifth of that.
 */
import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import sharp from 'sharp';
import { describe, expect, it } from 'vitest';
import {
  type Answer,
  b64,
  converted,
  finished,
  get,
  ossError,
  posted,
  processed,
  request,
  saveas,
  submitted,
} from '../../helpers/ossite.ts';
import { look } from './sources.ts';
import { files, M1, P16 } from './vector-files.ts';
import { bucket, dir, exec, frameShown, frames, made, meets, ms, SCALE, seconds } from './vector-sources.ts';

describe('one file', () => {
  it.each(files.map((row, i) => [...row, i] as const))(
    '%s: %s %s',
    async (_, source, process, target, key, holds, i) => {
      const [file, ...more] = await made(source, process + saveas(`${i}/${target}`));
      expect([file?.Key, more]).toEqual([`${i}/${key}`, []]);
      meets(await look(file?.bytes as Buffer), holds);
    },
  );

  it('C1: example.avi, the page’s request: the first name, in the source bucket', async () => {
    const process =
      'video/convert,f_mp4,vcodec_h265,s_1920x1080,vb_2000000,fps_30,acodec_aac,ab_100000,sn_1|sys/saveas,o_b3V0b2JqLnthdXRvZXh0fQo,o_b3V0b2JqcHJlZml4LnthdXRvZXh0fQ';
    const [file, ...more] = await made('example.avi', process);
    expect([file?.Bucket, file?.Key, more]).toEqual([bucket, 'outobj.mp4', []]);
    const seen = await look(file?.bytes as Buffer);
    meets(seen, { video: 'hevc 1920x1080 30', audio: 'aac 44100 2', frames: frames(150), seconds: seconds(5.03) });
    expect(seen.subtitle).toBeUndefined();
  });
});

describe('tasks that fail', () => {
  it.each([
    ['C10 sopt_2', 'L1.mp4', `${P16},vcodec_h264,s_640x480,sopt_2`, /sopt_2/],
    ['C12 fpsopt_2', 'L1.mp4', `${P16},vcodec_h264,fps_30,fpsopt_2`, /fpsopt_2/],
    ['C16 without ar', 'M1.mp4', 'video/convert,f_webm,vcodec_vp9,crf_35,acodec_opus', /opus.*48000.*44100/],
    ['C17 flv', 'M1.mp4', 'video/convert,f_flv,vcodec_h265', /flv cannot hold h265/],
    ['C17 ts', 'M1.mp4', 'video/convert,f_ts,vcodec_vp9', /ts cannot hold vp9/],
    ['C17 webm', 'M1.mp4', 'video/convert,f_webm', /webm cannot hold h264/],
    ['AC2 opus without ar', 'ex90.mp3', 'audio/convert,f_opus', /opus.*48000.*44100/],
    ['AC4', 'ex90.mp3', 'audio/convert,f_amr', /amr.*8000, 16000.*44100/],
  ] as const)('%s: %s %s', async (name, source, process, says) => {
    const target = `failed/${name}`;
    const task = await converted(bucket, source, `${process}${saveas(target)}`);
    expect(task).toMatchObject({ Status: 'Failed', Code: 'InvalidArgument', Message: expect.stringMatching(says) });
    expect((await get(bucket, '', { prefix: target })).text).not.toContain('<Key>');
  });

  it('AC3: AMR works where ffmpeg has an encoder for it, else the task says which one is missing', async () => {
    const { stdout } = await exec('ffmpeg', ['-v', 'error', '-encoders']);
    const task = await converted(bucket, 'ex90.mp3', `audio/convert,f_amr,ar_8000,ac_1${saveas('o.amr')}`);
    if (stdout.includes('libopencore_amrnb')) expect(task).toMatchObject({ Status: 'Succeeded' });
    else expect(task).toMatchObject({ Status: 'Failed', Message: expect.stringContaining('libopencore_amrnb') });
  });
});

describe('requests that are refused', () => {
  const clip = (n: number) => `/sur,o_${b64(`clip${n}.mp4`)}`;
  const twelve = Array.from({ length: 11 }, (_, n) => clip(n)).join('');
  const concat = 'video/concat,f_mp4,acodec_aac';
  it.each([
    ['C20', 'M1.mp4', 'video/convert,vcodec_h264'],
    ...['s_639x360', 's_32x32', 's_5000x360', 'vb_100', 'ac_9', 'f_exe', 'fps_500'].map(
      (bad) => ['C21', 'M1.mp4', `video/convert,f_mp4,${bad}`] as const,
    ),
    ['C22', 'M1.mp4', `${P16},vb_2000000,crf_23`],
    ['C22', 'M1.mp4', `${P16},aq_50,ab_96000`],
    ['SN6', 'M1.mp4', 'video/snapshots,f_jpg,m_avg'],
    ['VC3', 'M1.mp4', `${concat},vcodec_h264${twelve}`],
    ['VC4', 'M1.mp4', `${concat},vcodec_copy${clip(1)}`],
    ['VC4', 'M1.mp4', `${concat}${clip(1)}`],
  ] as const)('%s: %s %s', async (_, source, process) => {
    const error = ossError(await submitted(bucket, source, process + saveas('o')));
    expect(error).toMatchObject({ status: 400, code: 'Imm Client', ec: '0056-00000001' });
    expect(error.message).toMatch(/^InvalidArgument, \[\w+\]:is (required|invalid)\. [0-9A-F-]{36}$/);
  });

  it.each([
    ['E1', 400, 'InvalidRequest', () => request('post', `/${bucket}/M1.mp4?x-oss-async-process`, { body: 'foo=bar' })],
    ['E2', 404, 'NoSuchKey', () => submitted(bucket, 'missing.mp4', P16 + saveas('o'))],
    ['E3', 400, 'Imm Client', () => submitted(bucket, 'M1.mp4', P16)],
    ['E4', 400, 'InvalidArgument', () => posted(bucket, 'M1.mp4', P16 + saveas('o'))],
    ['E5', 404, 'Imm Client', () => submitted(bucket, 'M1.mp4', `image/resize,w_100${saveas('o')}`)],
  ] as const)('%s', async (_, status, code, send) => {
    expect(ossError(await send())).toMatchObject({ status, code });
  });

  it('E7: an unknown parameter is a warning', async () => {
    const task = await converted(bucket, 'M1.mp4', `${P16},zz_1${saveas('o')}`);
    expect(task).toMatchObject({ Status: 'Succeeded', Warnings: [expect.stringContaining('zz')] });
  });
});

describe('pictures of a video', () => {
  it('AN1: example.mkv, the page’s request', async () => {
    const saved = '|sys/saveas,b_b3V0YnVja2V0,o_b3V0b2JqcHJlZml4LnthdXRvZXh0fQ';
    const [gif] = await made('example.mkv', `video/animation,f_gif,w_100,h_100,inter_${ms(1000)}${saved}`);
    expect([gif?.Bucket, gif?.Key, gif?.type]).toEqual(['outbucket', 'outobjprefix.gif', 'image/gif']);
    const { width, pageHeight, pages, delay } = await sharp(gif?.bytes, { animated: true }).metadata();
    expect([width, pageHeight, pages, [...new Set(delay)]]).toEqual([100, 100, 30, [1000 * SCALE]]);
  });

  it('AN2: faster than the source', async () => {
    const process = `video/animation,f_gif,w_100,h_100,inter_${ms(1000)},fps_10`;
    const [gif] = await made('M1.mp4', process + saveas('fast'));
    expect(gif?.Key).toBe('fast.gif');
    const { pages, delay } = await sharp(gif?.bytes, { animated: true }).metadata();
    expect([pages, [...new Set(delay)]]).toEqual([30, [100]]);
  });

  it.each([
    ['', 30],
    [',num_5', 5],
  ])('AN3: WebP%s', async (num, count) => {
    const process = `video/animation,f_webp,w_100,h_100,inter_${ms(1000)}${num}`;
    const [webp] = await made('M1.mp4', process + saveas(`moving${count}`));
    expect([webp?.Key, webp?.type]).toEqual([`moving${count}.webp`, 'image/webp']);
    expect(webp?.bytes.toString('latin1').split('ANMF').length).toBe(count + 1);
  });

  it('SN1: example.mkv, the page’s request', async () => {
    const saved = '|sys/saveas,b_b3V0YnVja2V0,o_b3V0b2JqcHJlZml4LXtpbmRleH0ue2F1dG9leHR9Cg';
    const request = `video/snapshots,f_jpg,w_100,h_100,scaletype_crop,inter_${ms(10_000)}${saved}`;
    const shots = await made('example.mkv', request);
    expect(shots.map(({ Key }) => Key)).toEqual(['outobjprefix-1.jpg', 'outobjprefix-2.jpg', 'outobjprefix-3.jpg']);
    for (const { bytes } of shots) expect(await sharp(bytes).metadata()).toMatchObject({ width: 100, height: 100 });
  });

  const shown = async (process: string, target: string) => {
    const shots = await made('M1.mp4', process + saveas(target));
    return {
      keys: shots.map(({ Key }) => Key),
      frames: await Promise.all(shots.map(({ bytes }) => frameShown(bytes, 'M1.mp4'))),
      sizes: await Promise.all(
        shots.map(async ({ bytes }) => {
          const { width, height } = await sharp(bytes).metadata();
          return `${width}x${height}`;
        }),
      ),
    };
  };
  const every = (step: number, count: number, first = 0) =>
    Array.from({ length: count }, (_, i) => Math.ceil(frames(first + i * step)));

  it.each([
    ['SN2', `f_jpg,inter_${ms(10_000)},ss_${ms(5000)}`, every(250, 3, 125)],
    ['SN3', 'f_jpg,m_key', every(50, 15)],
    ['SN4', 'f_png,m_avg,num_5', every(150, 5)],
    ['SN7', `f_jpg,inter_${ms(1000)},num_4`, every(25, 4)],
  ])('%s: %s', async (name, parameters, expected) => {
    const { keys, frames, sizes } = await shown(`video/snapshots,${parameters}`, `${name}/frame`);
    const ext = parameters.slice(2, 5);
    expect(keys).toEqual(expected.map((_, i) => `${name}/frame_0_${i + 1}.${ext}`));
    expect(frames).toEqual(expected);
    expect(new Set(sizes)).toEqual(new Set(['1280x720']));
  });

  it('SN5: without {index} the last frame remains', async () => {
    const { keys, frames: left } = await shown(`video/snapshots,f_jpg,inter_${ms(10_000)}`, 'shot.jpg');
    expect([keys, left]).toEqual([['shot.jpg'], [frames(500)]]);
  });

  it('SN8: percent', async () => {
    const { sizes } = await shown(`video/snapshots,f_jpg,pw_50,ph_50,inter_${ms(10_000)}`, 'half');
    expect(sizes).toEqual(['640x360', '640x360', '640x360']);
  });

  /** How many cells of a sheet are not black. */
  async function filled(bytes: Buffer, columns: number, rows: number, pad: number, margin: number): Promise<number> {
    const cells = Array.from({ length: columns * rows }, (_, i) => ({
      left: margin + (i % columns) * (100 + pad),
      top: margin + Math.floor(i / columns) * (100 + pad),
    }));
    // sharp's stats are those of its input, not of what an extract takes from it.
    const tile = (at: (typeof cells)[number]) =>
      sharp(bytes)
        .extract({ ...at, width: 100, height: 100 })
        .toBuffer();
    const means = await Promise.all(cells.map(async (at) => (await sharp(await tile(at)).stats()).channels));
    return means.filter((channels) => channels.some(({ mean }) => mean > 10)).length;
  }

  it('SP1: example.mkv, the page’s request', async () => {
    const saved = '|sys/saveas,b_b3V0YnVja2V0,o_b3V0b2JqcHJlZml4LXtpbmRleH0ue2F1dG9leHR9Cg';
    const process = `video/sprite,f_jpg,sw_100,sh_100,inter_${ms(10_000)},tw_10,th_10,pad_0,margin_0${saved}`;
    const sheets = await made('example.mkv', process);
    expect(sheets.map(({ Key }) => Key)).toEqual(['outobjprefix-1.jpg']);
    const [sheet] = sheets;
    expect(await sharp(sheet?.bytes).metadata()).toMatchObject({ width: 1000, height: 1000 });
    expect(await filled(sheet?.bytes as Buffer, 10, 10, 0, 0)).toBe(3);
  });

  it.each([
    ['SP2', `f_jpg,sw_100,sh_100,inter_${ms(500)}`, [614, 614], [36, 24], 6],
    ['SP3', `f_png,sw_100,sh_100,tw_6,th_2,inter_${ms(3000)}`, [614, 206], [10], 2],
  ] as const)('%s: %s', async (name, parameters, [width, height], tiles, rows) => {
    const sheets = await made('M1.mp4', `video/sprite,${parameters}${saveas(`${name}-{index}.{autoext}`)}`);
    expect(sheets.map(({ Key }) => Key)).toEqual(tiles.map((_, i) => `${name}-${i + 1}.${parameters.slice(2, 5)}`));
    for (const [i, { bytes }] of sheets.entries()) {
      expect(await sharp(bytes).metadata()).toMatchObject({ width, height });
      expect(await filled(bytes, 6, rows, 2, 2)).toBe(tiles[i]);
    }
  });

  it.each([
    ['SS1', `t_${ms(7000)},f_jpg,w_800,h_600`, 'jpeg', 800, 600, frames(175)],
    ['SS2', `t_${ms(7000)},f_jpg,w_800,h_600,m_fast`, 'jpeg', 800, 600, frames(150)],
    ['SS3', 't_0,f_png,w_640', 'png', 640, 360, 0],
    ['SS4', `t_${Number(ms(30_000)) - 10},f_jpg`, 'jpeg', 1280, 720, frames(750) - 1],
    ['SS4', 't_99999,f_jpg', 'jpeg', 1280, 720, frames(750) - 1],
  ] as const)('%s: %s', async (_, parameters, format, width, height, frame) => {
    const answer = await processed(bucket, 'M1.mp4', `video/snapshot,${parameters}`);
    expect([answer.status, answer.headers['content-type']], answer.text).toEqual([200, `image/${format}`]);
    expect(await sharp(answer.bytes).metadata()).toMatchObject({ format, width, height });
    expect(await frameShown(answer.bytes, 'M1.mp4')).toBe(frame);
  });
});

/** Length of AAC in an ADTS file, whose duration is only a guess: 1024 samples a packet (media.md §23.3). */
async function adtsSeconds(bytes: Buffer, rate: number): Promise<number> {
  const file = join(dir, 'counted.aac');
  await writeFile(file, bytes);
  const args = ['-v', 'error', '-count_packets', '-show_entries', 'stream=nb_read_packets', '-of', 'csv=p=0', file];
  return (Number((await exec('ffprobe', args)).stdout) * 1024) / rate;
}

describe('several into one, and sound', () => {
  const head = 'f_mp4,vcodec_h264,vb_1000000,acodec_aac,ab_96000,ar_48000,ac_2';
  const clips = `/pre,o_cHJlLm1vdgo/sur,o_c3VyLm1vdg,t_${ms(10_000)}`;
  it.each([
    ['VC1', ',fps_25,align_1', 'h264 1280x720 25', 1250],
    ['VC2', '', 'h264 640x360 30', 1500],
  ])('%s', async (name, more, video, count) => {
    const process = `video/concat,ss_${ms(10_000)},${head}${more}${clips}`;
    const [file] = await made('example.mkv', process + saveas(`${name}.{autoext}`));
    expect(file?.Key).toBe(`${name}.mp4`);
    meets(await look(file?.bytes as Buffer), {
      ...{ video, audio: 'aac 48000 2', seconds: seconds(50), frames: frames(count) },
    });
  });

  it('AC1: ex90.mp3, the page’s request', async () => {
    const process = `audio/convert,ss_${ms(10_000)},t_${ms(60_000)},f_aac,ab_96000`;
    const [file] = await made('ex90.mp3', process + saveas('outobjprefix.{autoext}'));
    expect([file?.Key, file?.type]).toEqual(['outobjprefix.aac', 'audio/aac']);
    expect(await look(file?.bytes as Buffer)).toMatchObject({ format: 'aac', audio: 'aac 44100 2' });
    expect(Math.abs((await adtsSeconds(file?.bytes as Buffer, 44100)) - seconds(60))).toBeLessThan(0.1);
  });

  it('AX1: five files, the page’s request', async () => {
    const [two, four, ten] = [ms(2000), ms(4000), ms(10_000)];
    const process =
      `audio/concat,f_aac,ab_96000,ar_48000,ac_1,align_2/pre,o_cHJlMS5tcDMK/pre,o_cHJlMi53YXYK,t_${two}` +
      `/sur,o_c3VyMS5hYWMK,ss_${four},t_${ten}/sur,o_c3VyMi53bWEK,ss_${ten}`;
    const [file] = await made('example.mp3', process + saveas('joined.{autoext}'));
    expect(file?.Key).toBe('joined.aac');
    expect(await look(file?.bytes as Buffer)).toMatchObject({ format: 'aac', audio: 'aac 48000 1' });
    // 3 + 2 + 6 + 10 + 5, and what the encoders add at each seam.
    expect(Math.abs((await adtsSeconds(file?.bytes as Buffer, 48000)) - seconds(26))).toBeLessThan(0.25);
  });
});

describe('information, playlists, messages', () => {
  const json = ({ status, text, headers }: Answer) => {
    expect([status, headers['content-type']], text).toEqual([200, 'application/json;charset=utf-8']);
    return JSON.parse(text) as Record<string, unknown>;
  };

  it('IN1: video/info', async () => {
    const info = json(await processed(bucket, 'M1.mp4', 'video/info'));
    expect(info).toMatchObject({
      VideoWidth: 1280,
      VideoHeight: 720,
      VideoStreams: [{ CodecName: 'h264', FrameRate: '25/1' }],
      AudioStreams: [{ SampleRate: 44100 }],
    });
    expect(Math.abs(Number(info.Duration) - seconds(30))).toBeLessThan(0.1);
  });

  it('IN2: audio/info', async () => {
    const info = json(await processed(bucket, 'ex90.mp3', 'audio/info'));
    expect(info).toMatchObject({ FormatName: 'mp3', AudioStreams: [{ Channels: 2 }] });
  });

  it('HL1: a playlist whose first segment is there and whose others are made when asked for', async () => {
    // The shortest segment OSS makes is 5 s, so the shorter source has two of them.
    const [st, lengths] = SCALE === 1 ? [10_000, [10, 10, 10]] : [5000, [5, 1]];
    const process = `hls/m3u8,vcodec_h264,acodec_aac,st_${st},initd_${st}`;
    const answer = await posted(bucket, 'M1.mp4', process + saveas('hls/v'));
    expect(answer.status, answer.text).toBe(200);
    const playlist = (await get(bucket, 'hls/v.m3u8')).text;
    const extinf = [...playlist.matchAll(/#EXTINF:([\d.]+)/g)].map(([, length]) => Number(length));
    expect(extinf).toEqual(lengths);
    const segments = playlist.split('\n').filter((line) => line.endsWith('.ts'));
    expect(segments.length).toBe(lengths.length);
    const stored = await Promise.all(segments.map(async (name) => (await get(bucket, `hls/${name}`)).status));
    expect(stored).toEqual(lengths.map((_, i) => (i === 0 ? 200 : 404)));
    const wrapped = `if_status_eq_404{hls/ts,from_${b64('hls/v.m3u8')}}`;
    const { status, bytes, headers } = await processed(bucket, `hls/${segments[1]}`, wrapped);
    expect([status, headers['content-type']?.toLowerCase()]).toEqual([200, 'video/mp2t']);
    meets(await look(bytes), { format: 'mpegts', ...M1 });
    expect((await get(bucket, `hls/${segments[1]}`)).status).toBe(200);
  });

  it.each(['/notify,topic_dGVzdC10b3BpYw', '|sys/notify,topic_dGVzdC10b3BpYw=='])('E6: %s', async (notify) => {
    const answer = await submitted(bucket, 'M1.mp4', `${P16}${saveas('noticed')}${notify}`);
    const { TaskId } = json(answer) as { TaskId: string };
    expect(await finished(TaskId)).toMatchObject({ Status: 'Succeeded' });
    const { text } = await request('get', `/_ossite/messages?task=${TaskId}`);
    const { messages } = JSON.parse(text) as { messages: { Topic: string; Body: { content: string } }[] };
    expect(messages).toMatchObject([
      { Topic: 'test-topic', Body: { source: 'acs.imm', type: 'imm:Task:MediaConvert' } },
    ]);
    expect(JSON.parse(messages[0]?.Body.content ?? '')).toMatchObject({
      TaskId,
      Status: 'Succeeded',
      Targets: [{ URI: `oss://${bucket}/noticed.mp4` }],
    });
  });
});
