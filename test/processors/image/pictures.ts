/** Sources for the tests of images, made on the spot. */
import sharp from 'sharp';

/** Numbers from 0 to below `n`, the same ones for the same seed (mulberry32). */
export function seeded(seed: number): (below: number) => number {
  let state = seed;
  return (below) => {
    state = (state + 0x6d2b79f5) | 0;
    let t = Math.imul(state ^ (state >>> 15), 1 | state);
    t = (t + Math.imul(t ^ (t >>> 7), 61 | t)) ^ t;
    return Math.floor((((t ^ (t >>> 14)) >>> 0) / 4294967296) * below);
  };
}

/** Smooth colours, hard edges and some grain, which every wrong pixel shows in; no two corners alike. */
export function pixels(width: number, height: number): Buffer {
  const n = seeded(width * 65537 + height);
  const bytes = Buffer.alloc(width * height * 3);
  for (let y = 0, i = 0; y < height; y++) {
    for (let x = 0; x < width; x++) {
      const edge = (Math.floor((x * 8) / width) + Math.floor((y * 5) / height)) % 2 === 0 ? 40 : 0;
      bytes[i++] = 20 + (180 * x) / width + edge + n(8);
      bytes[i++] = 20 + (180 * y) / height + edge + n(8);
      bytes[i++] = 200 - (160 * (x + y)) / (width + height) + n(8);
    }
  }
  return bytes;
}

const raw = (width: number, height: number) => sharp(pixels(width, height), { raw: { width, height, channels: 3 } });

/** A JPEG. */
export const photograph = (width: number, height: number, quality = 82, orientation?: number): Promise<Buffer> => {
  const picture = raw(width, height).jpeg({ quality });
  return (orientation === undefined ? picture : picture.withMetadata({ orientation })).toBuffer();
};

/** A PNG of the same pixels. */
export const exact = (width: number, height: number): Promise<Buffer> => raw(width, height).png().toBuffer();

/** A PNG of one colour. */
export const plain = (width: number, height: number, background: string): Promise<Buffer> =>
  sharp({ create: { width, height, channels: 4, background } })
    .png()
    .toBuffer();

/** An animated GIF: frames of one colour each, with a white bar that moves. */
export async function animation(width: number, height: number, delay: readonly number[], loop = 3): Promise<Buffer> {
  const frames = delay.map((_, i) => {
    const bar = { create: { width: 10, height, channels: 3 as const, background: '#ffffff' } };
    const background = { r: 30 + i * 25, g: 90, b: 220 - i * 25 };
    return sharp({ create: { width, height, channels: 3, background } })
      .composite([{ input: bar, left: (i * 12) % (width - 10), top: 0 }])
      .png()
      .toBuffer();
  });
  return sharp(await Promise.all(frames), { join: { animated: true } })
    .gif({ delay: [...delay], loop })
    .toBuffer();
}

/** Decodes to raw pixels. */
export async function decoded(bytes: Buffer, page = 0) {
  const { data, info } = await sharp(bytes, { page }).raw().toBuffer({ resolveWithObject: true });
  return {
    ...info,
    data,
    at: (x: number, y: number) => [...data.subarray((y * info.width + x) * info.channels).subarray(0, info.channels)],
  };
}

/** Mean difference of two pictures of one size, per channel. */
export async function distance(a: Buffer, b: Buffer): Promise<number> {
  const [left, right] = await Promise.all([a, b].map((bytes) => sharp(bytes).removeAlpha().raw().toBuffer()));
  if (left === undefined || right === undefined || left.length !== right.length) return Number.POSITIVE_INFINITY;
  return left.reduce((sum, value, i) => sum + Math.abs(value - (right[i] ?? 0)), 0) / left.length;
}

/** The box of pixels in which two pictures of one size differ by more than `threshold`; of no size when they do not. */
export async function changedBox(a: Buffer, b: Buffer, threshold = 24) {
  const [before, after] = await Promise.all([decoded(a), decoded(b)]);
  let [left, top, right, bottom] = [before.width, before.height, -1, -1];
  for (let y = 0; y < before.height; y++) {
    for (let x = 0; x < before.width; x++) {
      const [p, q] = [before.at(x, y), after.at(x, y)];
      if (!p.slice(0, 3).some((value, c) => Math.abs(value - (q[c] ?? 0)) > threshold)) continue;
      [left, top, right, bottom] = [Math.min(left, x), Math.min(top, y), Math.max(right, x), Math.max(bottom, y)];
    }
  }
  if (right < 0) return { left: 0, top: 0, width: 0, height: 0 };
  return { left, top, width: right - left + 1, height: bottom - top + 1 };
}
