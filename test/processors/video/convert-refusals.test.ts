/** Mistakes visible in the text of video/convert: refused at submit (media.md §6.2; rows C20 to C22). */
import { beforeAll, expect, it } from 'vitest';
import { fixture, freshBucket, ossError, put, saveas, submitted } from '../../helpers/ossite.ts';

let bucket: string;
beforeAll(async () => {
  bucket = await freshBucket();
  await put(bucket, 'clip.mp4', fixture('clip.mp4'));
});

const refused: readonly (readonly [process: string, param: string])[] = [
  // C20
  ['video/convert,vcodec_h264', 'f'],
  ['video/convert', 'f'],
  // C21
  ['video/convert,f_mp4,s_639x360', 's'],
  ['video/convert,f_mp4,s_32x32', 's'],
  ['video/convert,f_mp4,s_5000x360', 's'],
  ['video/convert,f_mp4,s_x', 's'],
  ['video/convert,f_mp4,s_640', 's'],
  ['video/convert,f_mp4,vb_100', 'vb'],
  ['video/convert,f_mp4,vb_', 'vb'],
  ['video/convert,f_mp4,ac_9', 'ac'],
  ['video/convert,f_exe', 'f'],
  ['video/convert,f_mp4,fps_500', 'fps'],
  ['video/convert,f_mp4,crf_52', 'crf'],
  ['video/convert,f_mp4,ar_44000', 'ar'],
  ['video/convert,f_mp4,ss_-1', 'ss'],
  ['video/convert,f_mp4,t_1.5', 't'],
  ['video/convert,f_mp4,vcodec_av1', 'vcodec'],
  ['video/convert,f_mp4,sopt_3', 'sopt'],
  ['video/convert,f_mp4,adepth_32', 'adepth'],
  // C22
  ['video/convert,f_mp4,vb_2000000,crf_23', 'crf'],
  ['video/convert,f_mp4,aq_50,ab_96000', 'aq'],
  // The rest of media.md §7.5 and §8.1
  ['video/convert,f_mp4,maxrate_1000000', 'maxrate'],
  ['video/convert,f_mp4,maxrate_1000000,crf_23', 'maxrate'],
  ['video/convert,f_mp4,bufsize_1000000', 'bufsize'],
  ['video/convert,f_mp4,vcodec_h264,pixfmt_yuva420p', 'pixfmt'],
  ['video/convert,f_webm,vcodec_vp9,videoslim_1', 'videoslim'],
  ['video/convert,f_mp4,vcodec_h264,pixfmt_yuv444p,videoslim_1', 'videoslim'],
];

it.each(refused)('%s', async (process, param) => {
  const answer = await submitted(bucket, 'clip.mp4', `${process}${saveas('o')}`);
  const { code, message, ec } = ossError(answer);
  expect(answer.status).toBe(400);
  expect({ code, ec }).toEqual({ code: 'Imm Client', ec: '0056-00000001' });
  expect(message).toContain(`[${param}]`);
});
