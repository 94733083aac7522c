/** What video/concat refuses at submit (VC3, VC4 of media.md §21.2), and what fails its task. */
import { beforeAll, expect, it } from 'vitest';
import { b64, fixture, freshBucket, ossError, put, saveas, submitted } from '../../helpers/ossite.ts';
import { prepareBucket, ran, sur, theBucket } from '../media/joined.ts';
import type { SourceName } from '../media/sources.ts';

prepareBucket();

let bucket: string;
beforeAll(async () => {
  bucket = await freshBucket();
  await put(bucket, 'clip.mp4', fixture('clip.mp4'));
  await put(theBucket(), 'letter.mp4', Buffer.from('Just a letter to a friend.\n'.repeat(40)));
});

const clip = `/sur,o_${b64('clip.mp4')}`;
const head = 'video/concat,f_mp4,vcodec_h264,acodec_aac';

const refused: readonly (readonly [process: string, param: string])[] = [
  // VC3
  [`${head}${clip.repeat(11)}`, 'Sources'],
  // VC4
  [`video/concat,f_mp4,vcodec_copy,acodec_aac${clip}`, 'vcodec'],
  [`video/concat,f_mp4,acodec_aac${clip}`, 'vcodec'],
  [`video/concat,f_mp4,vcodec_h264,acodec_copy${clip}`, 'acodec'],
  [`video/concat,f_mp4,vcodec_h264${clip}`, 'acodec'],
  ['video/concat,vcodec_h264,acodec_aac', 'f'],
  ['video/concat,f_mp3,vcodec_h264,acodec_mp3', 'f'],
  [`${head},align_2${clip}`, 'align'],
  [`${head},align_11${clip}`, 'align'],
  [`${head},align_-1${clip}`, 'align'],
  [`${head}/pre,ss_1000`, 'o'],
  [`${head}/sur,o_`, 'o'],
  [`${head}/sur,o_Cg`, 'o'],
  [`${head}${clip},ss_x`, 'ss'],
  [`${head}${clip},t_-1`, 't'],
  [`${head},vb_2000000,crf_23`, 'crf'],
  [`${head},maxrate_1000000,crf_23`, 'maxrate'],
  [`${head},aq_50,ab_96000`, 'aq'],
  [`${head},pixfmt_yuva420p`, 'pixfmt'],
  [`${head},s_639x360`, 's'],
  [`${head},g_0`, 'g'],
];

it.each(refused)('%s is refused', async (process, param) => {
  const answer = await submitted(bucket, 'clip.mp4', process + saveas('o'));
  const { status, code, message, ec } = ossError(answer);
  expect({ status, code, ec }).toEqual({ status: 400, code: 'Imm Client', ec: '0056-00000001' });
  expect(message).toContain(`[${param}]`);
});

it('refuses a clip whose key is no Base64', async () => {
  const answer = await submitted(bucket, 'clip.mp4', `${head}/pre,o_***${saveas('o')}`);
  expect(ossError(answer)).toMatchObject({ status: 400, code: 'BadRequest' });
});

const letter = `/sur,o_${b64('letter.mp4')}`;
const failures: readonly (readonly [row: string, of: SourceName, process: string, code: string, says: RegExp])[] = [
  [
    'a clip that is not there',
    'red-clip.mp4',
    `${head}/pre,o_${b64('gone.mp4')}`,
    'ResourceNotFound',
    /clip gone\.mp4 does not/,
  ],
  ['a clip that is no video', 'red-clip.mp4', `${head}${letter}`, 'UnsupportedMedia', /Clip letter\.mp4: .*read/],
  [
    'a clip cut at its end',
    'red-clip.mp4',
    `${head}${sur('white.mp4', ',ss_1000')}`,
    'InvalidArgument',
    /Clip white\.mp4: ss_1000 lies/,
  ],
  ['the main object cut at its end', 'pre.mov', `${head},ss_2000`, 'InvalidArgument', /^ss_2000 lies.* 2000 ms long/],
  ['nothing left', 'red-clip.mp4', `${head},vn_1,an_1`, 'InvalidArgument', /Nothing is left/],
  ['sopt_2', 'red-clip.mp4', `${head},s_640x480,sopt_2`, 'InvalidArgument', /sopt_2/],
  ['vbopt_2', 'red-clip.mp4', `${head},vb_90000000,vbopt_2`, 'InvalidArgument', /vbopt_2/],
  ['no whole frame', 'red-clip.mp4', `${head},fps_0.001`, 'InvalidArgument', /shorter than one frame/],
  [
    'a container without h265',
    'red-clip.mp4',
    'video/concat,f_flv,vcodec_h265,acodec_aac',
    'InvalidArgument',
    /flv cannot hold h265/,
  ],
  [
    'frames too large together',
    'vast.mkv',
    `${head}${sur('vast.mkv').repeat(2)}`,
    'UnsupportedMedia',
    /together have 201326592 pixels/,
  ],
];

it.concurrent.each(failures)('%s: %s %s', async (_row, of, process, code, says) => {
  const { task } = await ran(of, process, ['gone.mp4', 'letter.mp4']);
  expect(task).toMatchObject({ Status: 'Failed', Code: code, Message: expect.stringMatching(says) });
  expect(task.Outputs ?? []).toEqual([]);
});
