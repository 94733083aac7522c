import { beforeAll, describe, expect, it } from 'vitest';
import '../../src/testing/vitest.ts';
import { converted, fixture, freshBucket, get, processed, put, saveas } from '../helpers/ossite.ts';

let bucket: string;
beforeAll(async () => {
  bucket = await freshBucket();
  for (const name of ['photo.jpg', 'animation.gif', 'report.docx']) await put(bucket, name, fixture(name));
});

/** The message of an expectation that does not hold. */
async function complaint(work: Promise<void>): Promise<string> {
  const error = await work.then(
    () => undefined,
    (reason: unknown) => reason,
  );
  if (!(error instanceof Error)) throw new Error('the expectation holds');
  return error.message;
}

describe('toBeImage', () => {
  it('decodes what the server made', async () => {
    const photo = fixture('photo.jpg');
    const { bytes } = await processed(bucket, 'photo.jpg', 'image/resize,w_300/format,webp');
    await expect(bytes).toBeImage({ format: 'webp', width: 300, height: 200, pages: 1, near: photo });
    await expect(bytes).toBeImage();
    await expect((await get(bucket, 'animation.gif')).bytes).toBeImage({ format: 'gif', width: 240, height: 160 });
    await expect(photo).toBeImage({ format: 'jpg' });
  });

  it('tells pictures that look different from such that were only encoded anew', async () => {
    const photo = fixture('photo.jpg');
    const made = async (process: string) => (await processed(bucket, 'photo.jpg', process)).bytes;
    await expect(await made('image/quality,q_20')).toBeImage({ near: photo });
    for (const process of ['image/rotate,180', 'image/bright,60', 'image/flip,h', 'image/crop,w_300,h_300'])
      await expect(await made(process)).not.toBeImage({ near: photo });
    await expect(await made('image/bright,60')).toBeImage({ near: photo, within: 0.5 });
  });

  it('says all that is wrong, and what is there', async () => {
    const wish = { format: 'png', width: 1200, height: 1, near: fixture('animation.gif') };
    const text = await complaint(expect(fixture('photo.jpg')).toBeImage(wish));
    expect(text).toMatch(/^expected the bytes to be an image like that, but not everything is:$/m);
    expect(text).toMatch(/^ {2}format: expected png, found jpeg$/m);
    expect(text).toMatch(/^ {2}height: expected 1, found 800$/m);
    expect(text).toMatch(/^ {2}difference to near: expected 0 ± 0\.03, found 0\.\d+$/m);
    expect(text).not.toContain('width: expected');
    expect(text).toContain('they are: {"format":"jpeg","width":1200,"height":800,"pages":1}');
  });

  it('shows the error that came in place of a picture', async () => {
    const { bytes } = await processed(bucket, 'photo.jpg', 'image/resize,w_abc');
    const text = await complaint(expect(bytes).toBeImage());
    expect(text).toMatch(/^expected an image, but the \d+ bytes can not be read as one: /);
    expect(text).toContain('<Code>InvalidArgument</Code>');
    await expect(bytes).not.toBeImage();
  });
});

describe('toBeMedia', () => {
  it('looks at container, streams and duration', async () => {
    const clip = fixture('clip.mp4');
    await expect(clip).toBeMedia({
      format: 'mp4',
      video: { codec: 'h264', width: 640, height: 360, fps: 25 },
      audio: { codec: 'aac', rate: 44100 },
      duration: 5,
    });
    await expect(fixture('song.mp3')).toBeMedia({ format: 'mp3', video: false, duration: 8 });
    await expect(clip).not.toBeMedia({ audio: false });
  });

  it('says all that is wrong', async () => {
    const wish = {
      format: 'matroska',
      video: { codec: 'h265', width: 640 },
      audio: false,
      duration: 9,
      within: 0.5,
    } as const;
    const text = await complaint(expect(fixture('clip.mp4')).toBeMedia(wish));
    for (const line of [
      'format: expected matroska, found mov,mp4,',
      'video.codec: expected h265, found h264',
      'audio: expected false, found true',
      'duration: expected 9 ± 0.5, found 5',
    ])
      expect(text).toContain(line);
    expect(await complaint(expect(Buffer.from('no film')).toBeMedia())).toContain('they begin with: no film');
    expect(await complaint(expect(fixture('song.mp3')).toBeMedia({ video: { codec: 'h264' } }))).toContain(
      'video: expected true, found false',
    );
  });
});

describe('toBePdf', () => {
  it('looks at pages and text', async () => {
    const task = await converted(bucket, 'report.docx', `doc/convert,target_pdf${saveas('report.pdf')}`);
    expect(task, task.Message).toMatchObject({ Status: 'Succeeded' });
    const { bytes } = await get(bucket, 'report.pdf');
    await expect(bytes).toBePdf({ pages: 2, text: /report/i });
    const text = await complaint(expect(bytes).toBePdf({ pages: 3, text: 'never written' }));
    expect(text).toContain('pages: expected 3, found 2');
    expect(text).toContain('text: expected never written, found ');
    expect(await complaint(expect(fixture('report.docx')).toBePdf())).toContain('they begin with: PK');
  });
});
