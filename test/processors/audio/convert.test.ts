/** audio/convert: AC1 at its full length, and the rules of media.md §7 and §13 that the rows AC1 to AC4 leave out. */
import { expect, it } from 'vitest';
import { ossError, saveas, submitted } from '../../helpers/ossite.ts';
import { packets, tones } from '../media/content.ts';
import { about, madeOf, prepareBucket, ran, type Shows, store, theBucket } from '../media/joined.ts';
import { look, type SourceName } from '../media/sources.ts';

prepareBucket();

it('AC1: S7 gives sixty seconds from the tenth on', async () => {
  const { task, key, answer } = await ran('ex90.mp3', 'audio/convert,ss_10000,t_60000,f_aac,ab_96000');
  expect(task, task.Message).toMatchObject({ Status: 'Succeeded', Progress: 100 });
  expect(key).toMatch(/^o-\d+\.aac$/);
  expect(answer?.headers['content-type']).toBe('audio/aac');
  const bytes = answer?.bytes ?? Buffer.alloc(0);
  // The seconds that ffprobe names are a guess (media.md §23.3).
  expect(await packets(bytes)).toEqual(about(2585, 2));
  expect(await look(bytes)).toMatchObject({ format: 'aac', audio: 'aac 44100 2' });
});

const rows: readonly (readonly [row: string, of: SourceName, process: string, shows: Shows])[] = [
  ['a video', 'red-clip.mp4', 'f_mp3', { format: 'mp3', video: undefined, audio: 'mp3 48000 2', seconds: about(1) }],
  ['cover art is dropped', 'covered.mp3', 'f_flac', { format: 'flac', video: undefined, seconds: about(2) }],
  ['adepth', 'pre1.mp3', 'f_flac,adepth_24,t_500', { audio: 'flac 44100 1', bits: '24' }],
  ['ar and ac', 'pre1.mp3', 'f_aac,ar_22050,ac_2,aq_50,t_500', { audio: 'aac 22050 2' }],
  ['ss of a file with an index', 'pre2.wav', 'f_flac,ss_4000', { seconds: about(1, 0.001) }],
  ['t beyond the end', 'pre2.wav', 'f_flac,t_99000', { seconds: about(5, 0.001) }],
];

it.concurrent.each(rows)('%s: %s %s', async (_row, of, process, shows) => {
  const seen = await look(await madeOf(of, `audio/convert,${process}`));
  expect({ video: undefined, ...seen }).toMatchObject(shows);
});

it.each([
  ['abopt_1 keeps the lower rate', ',abopt_1', 64_000],
  ['abopt_0 raises it', '', 320_000],
])('%s', async (_row, more, rate) => {
  const { length } = await madeOf('pre1.mp3', `audio/convert,f_mp3,ab_320000${more}`);
  expect((length * 8) / 3.03).toEqual(about(rate, rate / 20));
});

it('cuts where it says, in a file without an index too', async () => {
  expect(await tones(await madeOf('sur1.aac', 'audio/convert,f_flac,ss_3500,t_1000'), [0.25, 0.75])).toEqual([
    600, 700,
  ]);
});

/** What cannot be met for this source: the task fails, says why, and nothing is stored. */
const failures: readonly (readonly [row: string, of: SourceName, process: string, says: RegExp])[] = [
  ['no sound', 'pre.mov', 'f_mp3', /no sound/],
  ['abopt_2', 'pre1.mp3', 'f_mp3,ab_320000,abopt_2', /abopt_2/],
  ['ss at the end', 'pre2.wav', 'f_mp3,ss_5000', /ss_5000 lies beyond the end: the source is 5000 ms long/],
  ['ss beyond the end, flac of a file without an index', 'pre1.mp3', 'f_flac,ss_9000', /Nothing came out/],
];

it.concurrent.each(failures)('%s fails: %s %s', async (_row, of, process, says) => {
  const { task } = await ran(of, `audio/convert,${process}`);
  expect(task).toMatchObject({ Status: 'Failed', Code: 'InvalidArgument', Message: expect.stringMatching(says) });
  expect(task.Outputs ?? []).toEqual([]);
});

const refused: readonly (readonly [process: string, param: string])[] = [
  ['audio/convert', 'f'],
  ['audio/convert,f_mp4', 'f'],
  ['audio/convert,f_wav', 'f'],
  ['audio/convert,f_mp3,ar_44000', 'ar'],
  ['audio/convert,f_mp3,ac_0', 'ac'],
  ['audio/convert,f_mp3,aq_101', 'aq'],
  ['audio/convert,f_mp3,ab_999', 'ab'],
  ['audio/convert,f_mp3,abopt_3', 'abopt'],
  ['audio/convert,f_mp3,adepth_8', 'adepth'],
  ['audio/convert,f_mp3,ss_-1', 'ss'],
  ['audio/convert,f_mp3,t_', 't'],
  ['audio/convert,f_mp3,aq_50,ab_96000', 'aq'],
];

it.each(refused)('%s is refused', async (process, param) => {
  await store('pre1.mp3');
  const answer = await submitted(theBucket(), 'pre1.mp3', process + saveas('o'));
  const { status, code, message } = ossError(answer);
  expect({ status, code }).toEqual({ status: 400, code: 'Imm Client' });
  expect(message).toContain(`[${param}]`);
});

it('has no acodec: f says it all', async () => {
  const { task } = await ran('pre1.mp3', 'audio/convert,f_mp3,acodec_flac,t_200');
  expect(task.Status).toBe('Succeeded');
  expect(task.Warnings).toEqual([expect.stringContaining('no parameter acodec')]);
});
