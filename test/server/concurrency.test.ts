/** Many at once: every answer belongs to its request. */
import { execFileSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import sharp from 'sharp';
import { afterAll, expect, it } from 'vitest';
import { converted, freshBucket, get, posted, processed, put, saveas } from '../helpers/ossite.ts';

const dir = mkdtempSync(join(tmpdir(), 'ossite-many-'));
afterAll(() => rmSync(dir, { recursive: true }));

const ffmpeg = (...args: string[]) => execFileSync('ffmpeg', ['-v', 'error', '-y', ...args]);

/** Mean colour of a picture, rounded coarsely enough for JPEG and video. */
async function colourOf(bytes: Buffer): Promise<readonly number[]> {
  const { channels } = await sharp(bytes).stats();
  return channels.slice(0, 3).map(({ mean }) => Math.round(mean / 8));
}

it('50 resizes and 4 transcodes side by side are not mixed up', async () => {
  const bucket = await freshBucket();
  const colours = ['#d02020', '#20c020', '#2020d0', '#c0c020', '#20c0c0'];
  const sources = await Promise.all(
    colours.map((background) =>
      sharp({ create: { width: 600, height: 400, channels: 3, background } })
        .jpeg()
        .toBuffer(),
    ),
  );
  await Promise.all(sources.map((bytes, i) => put(bucket, `${i}.jpg`, bytes)));
  const expected = await Promise.all(sources.map(colourOf));
  const lengths = [1, 2, 1.4, 0.6];
  for (const [i, seconds] of lengths.entries()) {
    const file = join(dir, `${i}.mp4`);
    ffmpeg(
      '-f',
      'lavfi',
      '-i',
      `color=${colours[i]}:s=320x240:r=25:d=${seconds}`,
      '-c:v',
      'libx264',
      '-preset',
      'ultrafast',
      file,
    );
    await put(bucket, `${i}.mp4`, readFileSync(file));
  }

  const transcodes = lengths.map(async (seconds, i) => {
    const task = await converted(
      bucket,
      `${i}.mp4`,
      `video/convert,f_mkv,vcodec_h264,s_${160 + 16 * i}x96${saveas(`out-${i}.mkv`)}`,
    );
    expect(task, task.Message).toMatchObject({ Status: 'Succeeded' });
    const file = join(dir, `out-${i}.mkv`);
    writeFileSync(file, (await get(bucket, `out-${i}.mkv`)).bytes);
    const probed = execFileSync('ffprobe', [
      '-v',
      'error',
      '-count_frames',
      '-show_entries',
      'stream=width,height,nb_read_frames',
      '-of',
      'csv=p=0',
      file,
    ]);
    expect(probed.toString().trim()).toBe(`${160 + 16 * i},96,${seconds * 25}`);
    ffmpeg('-i', file, '-frames:v', '1', join(dir, `out-${i}.png`));
    const colour = await colourOf(readFileSync(join(dir, `out-${i}.png`)));
    const difference = Math.max(...colour.map((value, channel) => Math.abs(value - (expected[i]?.[channel] ?? 0))));
    expect(difference).toBeLessThanOrEqual(2);
  });

  const resizes = Array.from({ length: 50 }, async (_, n) => {
    const i = n % colours.length;
    const width = 40 + n;
    // Half of them are saved and read back.
    const answer =
      n % 2 === 0
        ? await processed(bucket, `${i}.jpg`, `image/resize,w_${width}`)
        : await posted(bucket, `${i}.jpg`, `image/resize,w_${width}${saveas(`saved/${n}.jpg`)}`).then(() =>
            get(bucket, `saved/${n}.jpg`),
          );
    expect(answer.status).toBe(200);
    expect((await sharp(answer.bytes).metadata()).width).toBe(width);
    expect(await colourOf(answer.bytes)).toEqual(expected[i]);
  });
  await Promise.all([...transcodes, ...resizes]);
});
