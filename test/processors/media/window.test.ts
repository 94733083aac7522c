/** `ss` and `t` in files without an index, where a time can only be approached (media.md §7.1). */
import { expect, it } from 'vitest';
import { converted, freshBucket, get, put, saveas } from '../../helpers/ossite.ts';
import { greyFrame, look, source } from './sources.ts';

it.each([
  ['count.mp4', 7000, 25],
  ['count.ts', 7000, 25],
  ['count.ts', 200, 25],
  ['count.ts', 0, 25],
] as const)('%s from %s ms begins with that frame', async (of, ss, frames) => {
  const bucket = await freshBucket();
  await put(bucket, of, await source(of));
  const process = `video/convert,f_mp4,vcodec_h264,crf_1,ss_${ss},t_1000`;
  const task = await converted(bucket, of, process + saveas('o.mp4'));
  expect(task, task.Message).toMatchObject({ Status: 'Succeeded' });
  const { bytes } = await get(bucket, 'o.mp4');
  expect(await look(bytes)).toMatchObject({ frames });
  // Grey 0 of 255 is 16 of the frame's own scale.
  expect(Math.round(((await greyFrame(bytes))[0] ?? 0) * (219 / 255))).toBe(ss / 40);
});
