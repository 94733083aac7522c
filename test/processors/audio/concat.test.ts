/** audio/concat: AX1 of media.md §21.2, and the rules of §14 by what is heard at each moment. */
import { expect, it } from 'vitest';
import { b64, ossError, saveas, submitted } from '../../helpers/ossite.ts';
import { packets, tones } from '../media/content.ts';
import { about, madeOf, pre, prepareBucket, ran, type Shows, store, sur, theBucket } from '../media/joined.ts';
import { look, type SourceName } from '../media/sources.ts';

prepareBucket();

it('AX1: S8, with t as a duration', async () => {
  const clips = `${pre('pre1.mp3')}${pre('pre2.wav', ',t_2000')}${sur('sur1.aac', ',ss_4000,t_10000')}${sur('sur2.wma', ',ss_10000')}`;
  const bytes = await madeOf('example.mp3', `audio/concat,f_aac,ab_96000,ar_48000,ac_1,align_2${clips}`);
  const seconds = ((await packets(bytes)) * 1024) / 48000;
  expect(seconds).toEqual(about(26.07));
  expect(await look(bytes)).toMatchObject({ format: 'aac', audio: 'aac 48000 1' });
  const at = [0.2, 2.8, 3.3, 4.9, 5.3, 10.8, 11.3, 20.8, 21.4, 25.8];
  expect(await tones(bytes, at)).toEqual([300, 300, 400, 400, 500, 500, 700, 700, 900, 900]);
});

const rows: readonly (readonly [row: string, of: SourceName, process: string, shows: Shows])[] = [
  ['align is the first pre', 'example.mp3', `f_flac${pre('pre2.wav', ',t_500')}`, { audio: 'flac 48000 1' }],
  ['align_1', 'example.mp3', `f_flac,align_1${pre('pre2.wav', ',t_500')}`, { audio: 'flac 44100 2' }],
  ['no clip', 'pre1.mp3', 'f_flac', { audio: 'flac 44100 1', seconds: about(3.03) }],
  ['ss and t of the main object', 'pre2.wav', `f_flac,ss_1000,t_500${sur('pre2.wav')}`, { seconds: about(5.5, 0.001) }],
  ['sounds of videos', 'red-clip.mp4', `f_mp3${sur('green-hdr.mkv')}`, { audio: 'mp3 48000 2', seconds: about(2) }],
  ['opus, 5.1', 'surround.mkv', `f_opus${sur('pre1.mp3', ',t_300')}`, { audio: 'opus 48000 6' }],
  ['opus, four channels', 'pre1.mp3', `f_opus,ar_48000,ac_4${sur('surround.mkv')}`, { audio: 'opus 48000 4' }],
  ['adepth', 'pre1.mp3', `f_flac,adepth_24,t_300${sur('pre2.wav', ',t_300')}`, { audio: 'flac 44100 1', bits: '24' }],
];

it.concurrent.each(rows)('%s: %s %s', async (_row, of, process, shows) => {
  expect(await look(await madeOf(of, `audio/concat,${process}`))).toMatchObject(shows);
});

it('takes pre and sur in the order written, however they are mixed', async () => {
  const part = ',t_300';
  const clips = `${sur('sur1.aac', part)}${pre('pre1.mp3', part)}${sur('sur2.wma', part)}${pre('pre2.wav', part)}`;
  const bytes = await madeOf('example.mp3', `audio/concat,f_flac,t_300${clips}`);
  expect(await tones(bytes, [0.15, 0.45, 0.75, 1.05, 1.35])).toEqual([300, 400, 500, 600, 800]);
});

const failures: readonly (readonly [row: string, process: string, code: string, says: RegExp])[] = [
  [
    'a clip that is not there',
    `f_mp3/sur,o_${b64('not/there.mp3')}`,
    'ResourceNotFound',
    /clip not\/there\.mp3 does not/,
  ],
  ['a clip without sound', `f_mp3${sur('pre.mov')}`, 'InvalidArgument', /pre\.mov has no sound/],
  [
    'a clip cut beyond its end',
    `f_mp3${sur('pre1.mp3', ',ss_4000')}`,
    'InvalidArgument',
    /Clip pre1\.mp3: ss_4000 lies/,
  ],
  ['opus at 44.1 kHz', `f_opus${pre('pre1.mp3')}`, 'InvalidArgument', /opus takes sample rates/],
];

it.concurrent.each(failures)('%s: %s', async (_row, process, code, says) => {
  const { task } = await ran('example.mp3', `audio/concat,${process}`, ['not/there.mp3']);
  expect(task).toMatchObject({ Status: 'Failed', Code: code, Message: expect.stringMatching(says) });
  expect(task.Outputs ?? []).toEqual([]);
});

const clip = sur('pre1.mp3');
const refused: readonly (readonly [process: string, param: string])[] = [
  ['audio/concat', 'f'],
  ['audio/concat,f_mp4', 'f'],
  [`audio/concat,f_mp3,align_2${clip}`, 'align'],
  ['audio/concat,f_mp3,align_1', 'align'],
  ['audio/concat,f_mp3/pre', 'o'],
  ['audio/concat,f_mp3/pre,o_', 'o'],
  [`audio/concat,f_mp3${clip},ss_1.5`, 'ss'],
  [`audio/concat,f_mp3${clip},t_-1`, 't'],
  [`audio/concat,f_mp3${clip.repeat(11)}`, 'Sources'],
  [`audio/concat,f_mp3,aq_50,ab_96000${clip}`, 'aq'],
];

it.each(refused)('%s is refused', async (process, param) => {
  await store('pre1.mp3');
  const answer = await submitted(theBucket(), 'pre1.mp3', process + saveas('o'));
  const { status, code, message } = ossError(answer);
  expect({ status, code }).toEqual({ status: 400, code: 'Imm Client' });
  expect(message).toContain(`[${param}]`);
});
