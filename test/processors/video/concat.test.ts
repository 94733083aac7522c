/** video/concat: VC1 and VC2 of media.md §21.2, and the rules of §12 by what is seen and heard at each moment. */
import { describe, expect, it } from 'vitest';
import { b64, put, saveas, submitted } from '../../helpers/ossite.ts';
import { colours, flashes, runs, tones } from '../media/content.ts';
import { about, madeOf, pre, prepareBucket, ran, type Shows, sur, theBucket } from '../media/joined.ts';
import { progressOf } from '../media/progress.ts';
import { greyFrame, look, type SourceName, source } from '../media/sources.ts';

prepareBucket();

const mp4 = 'video/concat,f_mp4,vcodec_h264,acodec_aac';

describe('the page, with a tenth of the seconds', () => {
  const head = 'video/concat,ss_1000,f_mp4,vcodec_h264';
  const clips = `${pre('pre.mov')}${sur('sur.mov', ',t_1000')}`;

  it('VC1: pre, the main object from ss on, sur up to t', async () => {
    const encoding = 'fps_25,vb_1000000,acodec_aac,ab_96000,ar_48000,ac_2,align_1';
    const bytes = await madeOf('example.mkv', `${head},${encoding}${clips}`);
    expect(await look(bytes)).toMatchObject({
      video: 'h264 1280x720 25',
      audio: 'aac 48000 2',
      // One more where the times of the mkv, in whole milliseconds, round up.
      frames: about(125, 1),
      seconds: about(5),
    });
    expect(runs(await colours(bytes))).toEqual(['red 50', expect.stringMatching(/^green 5[01]$/), 'blue 25']);
    expect(await tones(bytes, [0.2, 1.8, 2.2, 3.8, 4.2, 4.8])).toEqual([0, 0, 500, 500, 800, 800]);
  });

  it('VC2: without align, all becomes as the first pre', async () => {
    const bytes = await madeOf('example.mkv', `${head},vb_1000000,acodec_aac,ab_96000,ar_48000,ac_2${clips}`);
    expect(await look(bytes)).toMatchObject({ video: 'h264 640x360 30', frames: about(150, 1), seconds: about(5) });
  });
});

it('brings every form of video to one, and keeps the length of each', async () => {
  const clips = ['green-hdr.mkv', 'blue-wide.mkv', 'white-turned.mp4', 'vfr.mkv', 'white.h264'] as const;
  const bytes = await madeOf('red-clip.mp4', mp4 + clips.map((name) => sur(name)).join(''));
  expect(await look(bytes)).toMatchObject({
    video: 'h264 160x120 25',
    pixels: 'yuv420p',
    audio: 'aac 48000 2',
    seconds: about(7, 0.05),
  });
  const seen = ['red 25', 'green 25', 'blue 25', 'white 25', 'yellow 25', 'blue 25', 'white 25'];
  expect(near(runs(await colours(bytes)))).toEqual(near(seen));
  expect(await tones(bytes, [0.5, 1.5, 2.5, 3.5, 4.5, 5.5, 6.5])).toEqual([300, 500, 0, 900, 700, 700, 0]);
});

/** Frame counts to the nearest five: containers in whole milliseconds round by one. */
const near = (found: readonly string[]) =>
  found.map((run) => run.replace(/\d+$/, (n) => String(Math.round(+n / 5) * 5)));

it('keeps picture and sound together, whatever their rates and lengths', async () => {
  const names = ['flash-ntsc.mkv', 'flash-50.ts', 'flash-12.avi'] as const;
  const whole = names.map((name) => sur(name)).join('');
  const parts = [...names, 'flash-30.mp4' as const].map((name) => sur(name, ',ss_500,t_900')).join('');
  const { seen, heard } = await flashes(await madeOf('flash-30.mp4', mp4 + whole + parts), 30);
  // By the lengths that the files name.
  const starts = [0, 2, 4.002, 5.512];
  const expected = [...starts.map((start) => start + 1), ...[0, 1, 2, 3].map((i) => 7.512 + i * 0.9 + 0.5)];
  expect(seen.length).toBe(expected.length);
  expect(heard.length).toBe(expected.length);
  for (const [i, time] of expected.entries()) {
    expect(Math.abs((seen[i] ?? 0) - (heard[i] ?? 0)), `sync of clip ${i}`).toBeLessThan(0.05);
    expect(Math.abs((heard[i] ?? 0) - time), `place of clip ${i}`).toBeLessThan(0.06);
  }
});

const rows: readonly (readonly [row: string, of: SourceName, process: string, shows: Shows])[] = [
  [
    'align takes size, rate, pixel format and sound',
    'red-clip.mp4',
    `${mp4},align_1${sur('green-hdr.mkv')}`,
    { video: 'h264 128x128 24', pixels: 'yuv444p10le', audio: 'aac 44100 6', seconds: about(2) },
  ],
  [
    'a turned align file, arotate and a side left out',
    'red-clip.mp4',
    `${mp4},s_320x,arotate_1${pre('white-turned.mp4')}`,
    { video: 'h264 80x320 25', audio: 'aac 8000 1', rotation: undefined },
  ],
  [
    'non-square pixels, and no audio anywhere',
    'pre.mov',
    `${mp4},t_500${pre('blue-wide.mkv')}`,
    { video: 'h264 160x120 25', audio: undefined, seconds: about(1.5) },
  ],
  [
    'defaults of a kind the align file has not',
    'red-clip.mp4',
    `${mp4}${pre('pre1.mp3', ',t_500')}`,
    { video: 'h264 160x120 25', audio: 'aac 44100 1', frames: about(38, 1) },
  ],
  ['one input', 'red-clip.mp4', mp4, { video: 'h264 160x120 25', frames: 25, audio: 'aac 48000 2' }],
  ['eleven times the same', 'red-clip.mp4', `${mp4},t_200${sur('red-clip.mp4', ',t_200').repeat(10)}`, { frames: 55 }],
  ['pieces of one frame', 'pre.mov', `${mp4},t_33${sur('pre.mov', ',t_33').repeat(5)}`, { frames: 6 }],
  ['an_1', 'red-clip.mp4', `${mp4},an_1${sur('white.mp4')}`, { audio: undefined, frames: 50 }],
  ['vn_1', 'red-clip.mp4', `${mp4},vn_1${sur('pre1.mp3')}`, { video: undefined, seconds: about(4.03) }],
  ['s and fit', 'white.mp4', `${mp4},s_80x80,scaletype_fit${sur('red-clip.mp4')}`, { video: 'h264 80x40 25' }],
  [
    'the four that keep what align has',
    'red-clip.mp4',
    `${mp4},s_640x480,sopt_1,fps_50,fpsopt_1,vb_90000000,vbopt_1,ab_900000,abopt_1${sur('white.mp4')}`,
    { video: 'h264 160x120 25', videoBitRate: expect.toSatisfy((rate: number) => rate < 1_000_000) },
  ],
  ['fps', 'red-clip.mp4', `${mp4},fps_29.97${sur('white.mp4')}`, { video: 'h264 160x120 29.97', frames: about(60, 1) }],
  [
    'ts, maxrate, bufsize, aq and g',
    'red-clip.mp4',
    `video/concat,f_ts,vcodec_h264,crf_30,maxrate_500000,bufsize_500000,g_5,acodec_mp3,aq_50${sur('white.mp4')}`,
    { format: 'mpegts', video: 'h264 160x120 25', frames: 50, audio: 'mp3 48000 2' },
  ],
  [
    'h265, ten bits and flac',
    'red-clip.mp4',
    `video/concat,f_mkv,vcodec_h265,pixfmt_yuv420p10le,acodec_flac,adepth_24,ar_22050,ac_1${sur('white.mp4')}`,
    { video: 'hevc 160x120 25', pixels: 'yuv420p10le', audio: 'flac 22050 1', bits: '24' },
  ],
];

it.concurrent.each(rows)('%s: %s %s', async (_row, of, process, shows) => {
  const seen = await look(await madeOf(of, process));
  expect({ video: undefined, audio: undefined, rotation: undefined, ...seen }).toMatchObject(shows);
});

/** A picture twice as high as wide, in one of 160x120: is its left edge black? */
it.concurrent.each([
  ['crop', false],
  ['fill', true],
  ['fit', true],
] as const)('scaletype_%s', async (scaletype, bars) => {
  const process = `${mp4},align_1,crf_10,scaletype_${scaletype}${sur('red-clip.mp4', ',t_200')}`;
  const bytes = await madeOf('white-turned.mp4', process);
  expect(await look(bytes)).toMatchObject({ video: 'h264 160x120 25' });
  const grey = await greyFrame(bytes);
  expect(grey.length).toBe(160 * 120);
  expect((grey[60 * 160 + 2] ?? 0) < 30).toBe(bars);
  expect(grey[60 * 160 + 80]).toBeGreaterThan(220);
});

it('a clip without video is black for as long as it sounds', async () => {
  const bytes = await madeOf('red-clip.mp4', `${mp4},align_1${pre('pre2.wav', ',ss_1500,t_1000')}${sur('white.mp4')}`);
  expect(runs(await colours(bytes))).toEqual(['black 25', 'red 25', 'white 25']);
  expect(await tones(bytes, [0.3, 0.8, 1.5, 2.5])).toEqual([400, 450, 300, 900]);
});

it('a clip whose sound is over before its window is silent', async () => {
  const bytes = await madeOf('red-clip.mp4', `${mp4}${pre('short-sound.mp4', ',ss_2000')}${sur('white.mp4')}`);
  expect(runs(await colours(bytes))).toEqual(['red 75', 'white 25']);
  expect(await tones(bytes, [0.5, 1.5, 2.5, 3.5])).toEqual([0, 0, 300, 900]);
});

it('a clip that changes its size in its middle keeps its place', async () => {
  const both = Buffer.concat([await source('size-1.ts'), await source('size-2.ts')]);
  await put(theBucket(), 'changing.ts', both);
  const { answer } = await ran('white.mp4', `${mp4}/pre,o_${b64('changing.ts')}${sur('red-clip.mp4')}`, [
    'changing.ts',
  ]);
  const seen = runs(await colours(answer?.bytes ?? Buffer.alloc(0)));
  expect(seen).toEqual(['red 25', 'blue 25', 'white 25', 'red 25']);
});

it('leaves subtitles out and says so, unless sn_1 does; knows no videoslim', async () => {
  const warned = await ran('subtitled.mkv', `${mp4},videoslim_1`);
  const warnings = [expect.stringContaining('no parameter videoslim'), expect.stringContaining('subtitles')];
  expect(warned.task).toMatchObject({ Status: 'Succeeded', Warnings: warnings });
  expect((await look(warned.answer?.bytes ?? Buffer.alloc(0))).subtitle).toBeUndefined();
  const silent = await ran('subtitled.mkv', `${mp4},sn_1`);
  expect(silent.task).toMatchObject({ Status: 'Succeeded', Warnings: [] });
});

it('progress is that of the whole: it does not stand at its end while clips are still to come', async () => {
  await put(theBucket(), 'slow.avi', await source('A1.avi'));
  const process = `video/concat,f_mp4,vcodec_h265,s_1280x720,acodec_aac${`/sur,o_${b64('slow.avi')}`.repeat(2)}`;
  const { text } = await submitted(theBucket(), 'slow.avi', process + saveas('slow.mp4'));
  const progress = await progressOf((JSON.parse(text) as { TaskId: string }).TaskId);
  expect(progress.at(-1)).toBe(100);
  expect(progress).toEqual(progress.toSorted((a, b) => a - b));
  // Over the main object alone, two thirds of what is seen would be 99.
  expect(progress.filter((percent) => percent > 0 && percent < 95).length).toBeGreaterThan(progress.length / 2);
});
