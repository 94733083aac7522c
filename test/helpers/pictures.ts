/** How alike two pictures look. */
import sharp from 'sharp';

/** A 64-bit difference hash: which of each pair of neighbours in a 9 x 8 grey picture is brighter; 16 hex digits. */
export async function differenceHash(bytes: Buffer): Promise<string> {
  const grey = await sharp(bytes)
    .flatten({ background: '#ffffff' })
    .greyscale()
    .resize(9, 8, { fit: 'fill' })
    .raw()
    .toBuffer();
  let bits = '';
  for (let y = 0; y < 8; y += 1) {
    for (let x = 0; x < 8; x += 1) bits += (grey[y * 9 + x] ?? 0) > (grey[y * 9 + x + 1] ?? 0) ? '1' : '0';
  }
  return BigInt(`0b${bits}`).toString(16).padStart(16, '0');
}

/** Number of differing bits of two hashes. */
export function distance(a: string, b: string): number {
  if (a.length !== b.length) return 64;
  return [...(BigInt(`0x${a}`) ^ BigInt(`0x${b}`)).toString(2)].filter((bit) => bit === '1').length;
}

/** Mean of each channel, on white, 0 to 255. */
export async function meanOf(bytes: Buffer): Promise<readonly number[]> {
  const { channels } = await sharp(await sharp(bytes).flatten({ background: '#ffffff' }).png().toBuffer()).stats();
  return channels.map(({ mean }) => Math.round(mean * 10) / 10);
}
