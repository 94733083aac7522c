/** Runs tasks on the test sources, each stored once a test file; and looks at the pictures they make. */
import sharp from 'sharp';
import { expect } from 'vitest';
import { converted, freshBucket, get, put, saveas, type Task } from '../../helpers/ossite.ts';
import { type SourceName, source } from './sources.ts';

export interface Made {
  readonly key: string;
  readonly type: string | undefined;
  readonly bytes: Buffer;
}

const stored = new Map<SourceName, Promise<void>>();
let bucket: Promise<string> | undefined;
let count = 0;

/** Ends in whatever way. @param target a key, in a folder of its own; `{index}.{autoext}` when left out */
export async function task(of: SourceName, process: string, target = '{index}.{autoext}'): Promise<Task> {
  bucket ??= freshBucket();
  const name = await bucket;
  const present = stored.get(of) ?? source(of).then((bytes) => put(name, of, bytes));
  stored.set(of, present);
  await present;
  return converted(name, of, `${process}${saveas(`${count++}/${target}`)}`);
}

/** Must succeed. @returns its outputs, keys without the folder */
export async function made(of: SourceName, process: string, target?: string): Promise<readonly Made[]> {
  const ended = await task(of, process, target);
  expect(ended, ended.Message).toMatchObject({ Status: 'Succeeded', Progress: 100 });
  return Promise.all(
    ended.Outputs.map(async ({ Bucket, Key }) => {
      const { bytes, headers } = await get(Bucket, Key);
      return { key: Key.slice(Key.indexOf('/') + 1), type: headers['content-type'], bytes };
    }),
  );
}

/** Must make one object. */
export async function oneMade(of: SourceName, process: string, target?: string): Promise<Made> {
  const [first, ...more] = await made(of, process, target);
  if (first === undefined || more.length > 0) throw new Error('not one object');
  return first;
}

/** `jpeg 614x614` */
export async function shape(bytes: Buffer): Promise<string> {
  const { format, width, height } = await sharp(bytes).metadata();
  return `${format} ${width}x${height}`;
}

/** Red, green and blue of one pixel. */
export async function pixel(bytes: Buffer, left: number, top: number): Promise<readonly number[]> {
  const one = sharp(bytes).extract({ left, top, width: 1, height: 1 }).removeAlpha().toColourspace('srgb');
  return [...(await one.raw().toBuffer())];
}

/** A part of a picture, as PNG. */
export const cut = (bytes: Buffer, left: number, top: number, width: number, height: number): Promise<Buffer> =>
  sharp(bytes).extract({ left, top, width, height }).png().toBuffer();
