/**
 * Videos whose frames bear their number: ten bars, of which the n-th is white when bit n is set. Those
 * that are not small have 1920x1080 pixels, so that frames a few seconds apart are looked for one by one.
 */
import sharp from 'sharp';

const bars = "geq=lum='if(mod(floor(N/pow(2,floor(X/16))),2),235,16)'";
const numbered = ['-f', 'lavfi', '-i', `color=black:s=160x96:r=25:d=10,format=gray,${bars},format=yuv420p`];
// Three lines bear the number; around them a slope from light to dark comes up: above, everywhere, no more below.
const slope = 'if(gte(N,45),lt(Y,64),if(gte(N,30),1,if(gte(N,20),lt(Y,32),0)))';
const changing = `geq=lum='if(between(Y,44,46),if(mod(floor(N/pow(2,floor(X/16))),2),235,16),if(${slope},235-X,16))'`;
const h264 = ['-c:v', 'libx264', '-preset', 'ultrafast', '-bf', '3', '-b_strategy', '0', '-g', '25'];
const copied = ['-i', '{numbered.mp4}', '-c', 'copy'];

export const frameRecipes = {
  'numbered-small.mp4': [...numbered, ...h264],
  'numbered-small.mkv': ['-i', '{numbered-small.mp4}', '-c', 'copy'],
  'numbered-small.ts': ['-i', '{numbered-small.mp4}', '-c', 'copy'],
  'numbered-small.h264': ['-i', '{numbered-small.mp4}', '-c', 'copy'],
  'numbered-small.avi': ['-i', '{numbered-small.mp4}', '-c:v', 'mpeg4', '-bf', '2', '-q:v', '3'],
  'numbered.mp4': ['-i', '{numbered-small.mp4}', '-vf', 'scale=1920:1080:flags=neighbor,setsar=1', ...h264],
  'numbered.mkv': copied,
  // Frames 25 to 32 are in the file, for decoding, and hidden by its edit list.
  'numbered-cut.mp4': ['-ss', '1.3', ...copied],
  'numbered-late.mkv': [...copied, '-output_ts_offset', '5'],
  // Three frames of seven, and all of 100 to 110.
  'numbered-uneven.mp4': [
    ...['-i', '{numbered.mp4}', '-vf', "select='lt(mod(n,7),3)+between(n,100,110)'", '-vsync', '0'],
    ...h264,
  ],
  // What differs: at frame 20 3 of 8 rows, at 30 5, at 45 2 or 3.
  'changing.mp4': [
    ...['-f', 'lavfi', '-i', 'color=black:s=160x96:r=25:d=2.4,format=gray', '-vf', `${changing},format=yuv420p`],
    ...h264,
  ],
  // The whole range of a byte, as cameras of telephones write it.
  'red-full.mp4': [
    ...['-f', 'lavfi', '-i', 'color=red:s=64x64:r=25:d=0.2'],
    ...['-vf', 'scale=out_color_matrix=bt601:out_range=pc,format=yuvj420p', '-colorspace', 'smpte170m'],
    ...['-c:v', 'libx264', '-crf', '1'],
  ],
  // Its fifth packet is no picture.
  'ten.mkv': ['-i', '{numbered-small.mp4}', '-frames:v', '10', '-c:v', 'mjpeg', '-q:v', '3'],
  'broken.mkv': ['-i', '{ten.mkv}', '-c', 'copy', '-bsf:v', "noise=amount='eq(n,4)'"],
  'many.avi': ['-f', 'lavfi', '-i', 'color=black:s=16x16:r=1000', '-frames:v', '10001', '-c:v', 'rawvideo'],
} as const satisfies Record<string, readonly string[]>;

/** The number that a picture of a frame bears, a little above its middle. */
export async function numberIn(picture: Buffer): Promise<number> {
  const { data, info } = await sharp(picture).greyscale().raw().toBuffer({ resolveWithObject: true });
  const middle = Math.floor((info.height * 45.5) / 96) * info.width * info.channels;
  let number = 0;
  for (let bit = 0; bit < 10; bit += 1) {
    const x = Math.floor(((bit + 0.5) * info.width) / 10);
    if ((data[middle + x * info.channels] ?? 0) > 127) number += 2 ** bit;
  }
  return number;
}
