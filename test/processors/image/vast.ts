/** Pictures that declare far more pixels than they have bytes. */
import { crc32, deflateSync } from 'node:zlib';
import { seeded } from './pictures.ts';

function chunk(type: string, data: Buffer): Buffer {
  const body = Buffer.concat([Buffer.from(type, 'latin1'), data]);
  const [length, sum] = [Buffer.alloc(4), Buffer.alloc(4)];
  length.writeUInt32BE(data.length);
  sum.writeUInt32BE(crc32(body));
  return Buffer.concat([length, body, sum]);
}

/** A whole PNG of grey pixels. @param grain every how many bytes one is not zero */
export function png(width: number, height: number, depth: 1 | 8, grain = 0): Buffer {
  const pixels = Buffer.alloc((Math.ceil((width * depth) / 8) + 1) * height);
  const n = seeded(width);
  const stride = pixels.length / height;
  for (let i = 1; grain > 0 && i < pixels.length; i += grain) if (i % stride !== 0) pixels[i] = n(256);
  const header = Buffer.alloc(13);
  header.writeUInt32BE(width, 0);
  header.writeUInt32BE(height, 4);
  header[8] = depth;
  const signature = Buffer.from('\x89PNG\r\n\x1a\n', 'latin1');
  return Buffer.concat([
    signature,
    chunk('IHDR', header),
    chunk('IDAT', deflateSync(pixels)),
    chunk('IEND', Buffer.alloc(0)),
  ]);
}

/** A GIF of many frames, each of which changes one pixel; or, where `part` is given, a box of that size. */
export function gif(width: number, height: number, frames: number, part = { width: 1, height: 1 }): Buffer {
  const sizeOf = (w: number, h: number) => Buffer.from(Uint16Array.of(w, h).buffer);
  const palette = Buffer.from('800000000000ffffff', 'hex');
  const frame = Buffer.concat([
    Buffer.from('21f90400050000002c00000000', 'hex'),
    sizeOf(part.width, part.height),
    Buffer.from('000202440100', 'hex'),
  ]);
  const frameList = Array.from({ length: frames }, () => frame);
  return Buffer.concat([Buffer.from('GIF89a'), sizeOf(width, height), palette, ...frameList, Buffer.from(';')]);
}
