import { imageOperation } from '../family.ts';
import { firstFrame, flattened, settle } from '../picture.ts';
import { reduced } from '../reduce.ts';

/** Degrees around the mean hue: of those tried, the ones that give the published value (image.md §11.2). */
const NEAR = 46;

/** Every pixel is looked at twice here; pictures of more are made smaller first. */
const MAX_PIXELS = 1024 * 1024;

export default imageOperation({
  name: 'average-hue',
  summary: 'Says the average colour of the picture as JSON.',
  docs: 'https://help.aliyun.com/document_detail/44976.html',
  fidelity: {
    level: 'approximate',
    because: 'the algorithm is inferred from one published result; above a megapixel the picture is scaled down first',
  },
  alone: true,
  params: {},
  examples: [{ of: 'photo.jpg', process: 'image/average-hue', shows: 'one colour for the whole picture' }],
  takes: 'stored',
  async run({ input }) {
    const { source } = await settle(await flattened(await reduced(firstFrame(input), MAX_PIXELS), 'FFFFFF'));
    if (source.kind !== 'raw') throw new Error('a settled picture is raw');
    const bytes = Buffer.from(`{"RGB": "0x${averageOf(source.bytes)}"}`);
    return [{ bytes, ext: 'json', contentType: 'application/json' }];
  },
});

/** The mean of those pixels whose hue is near the mean hue. @param rgb three bytes a pixel */
function averageOf(rgb: Buffer): string {
  const hues = new Float64Array(rgb.length / 3);
  for (let i = 0; i < hues.length; i++) hues[i] = hueOf(rgb[i * 3] ?? 0, rgb[i * 3 + 1] ?? 0, rgb[i * 3 + 2] ?? 0);
  const mean = hues.reduce((sum, hue) => sum + hue, 0) / hues.length;
  // Two groups of hues may leave none near their mean: then all count (assumed).
  return meanColor(rgb, (i) => Math.abs((hues[i] ?? 0) - mean) <= NEAR) ?? meanColor(rgb, () => true) ?? '000000';
}

function meanColor(rgb: Buffer, counts: (pixel: number) => boolean): string | undefined {
  const sums = [0, 0, 0];
  let count = 0;
  for (let i = 0; i < rgb.length / 3; i++) {
    if (!counts(i)) continue;
    count += 1;
    for (let c = 0; c < 3; c++) sums[c] = (sums[c] ?? 0) + (rgb[i * 3 + c] ?? 0);
  }
  if (count === 0) return undefined;
  return Buffer.from(sums.map((sum) => Math.floor(sum / count))).toString('hex');
}

/** In degrees; what has no colour counts as 0. */
function hueOf(r: number, g: number, b: number): number {
  const max = Math.max(r, g, b);
  const range = max - Math.min(r, g, b);
  if (range === 0) return 0;
  if (max === r) return (((g - b) / range) * 60 + 360) % 360;
  return max === g ? ((b - r) / range) * 60 + 120 : ((r - g) / range) * 60 + 240;
}
