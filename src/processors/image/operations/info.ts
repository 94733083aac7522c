import { exifTags, type Tags } from '../exif.ts';
import { imageOperation } from '../family.ts';
import { jfifDensity } from '../jpeg.ts';
import type { Original } from '../picture.ts';
import { headerOf } from '../sharp.ts';

export default imageOperation({
  name: 'info',
  summary: 'Says size, format and EXIF data of the stored picture as JSON.',
  docs: 'https://help.aliyun.com/zh/oss/user-guide/query-the-exif-data-of-an-image-4',
  fidelity: { level: 'approximate', because: "the notes a camera's maker adds in a form of its own are left out" },
  alone: true,
  params: {},
  examples: [{ of: 'photo.jpg', process: 'image/info', shows: 'what is known of the picture' }],
  takes: 'stored',
  async run({ input }) {
    const bytes = Buffer.from(layout(await factsOf(input.original)));
    return [{ bytes, ext: 'json', contentType: 'application/json' }];
  },
});

/** The stored size: EXIF orientation changes nothing here (image.md §2.4). */
async function factsOf({ file, head, length, format, size, frames }: Original): Promise<Tags> {
  return {
    ...(format === 'jpg' ? resolution(head) : {}),
    ...(await exifOf(file, format)),
    FileSize: String(length),
    Format: format,
    FrameCount: String(frames),
    ImageHeight: String(size.height),
    ImageWidth: String(size.width),
  };
}

/** OSS gives no EXIF data of PNG; a TIFF file's own tags say how it is stored and are not EXIF data (assumed). */
const withoutExif: readonly Original['format'][] = ['png', 'bmp', 'gif', 'tiff'];

async function exifOf(file: string, format: Original['format']): Promise<Tags> {
  if (withoutExif.includes(format)) return {};
  const { exif } = await headerOf(file, format);
  return exif === undefined ? {} : exifTags(exif);
}

/** JFIF counts units from 0, EXIF from 1. */
function resolution(head: Buffer): Tags {
  const density = jfifDensity(head);
  if (density === undefined) return {};
  const { units, x, y } = density;
  return { ResolutionUnit: String(units + 1), XResolution: `${x}/1`, YResolution: `${y}/1` };
}

/** The layout OSS's own SDK tests compare byte by byte: keys in ASCII order, no line end before the last brace. */
function layout(tags: Tags): string {
  const lines = Object.keys(tags)
    .sort()
    .map((name) => `    "${name}": {"value": ${JSON.stringify(tags[name])}}`);
  return `{\n${lines.join(',\n')}}`;
}
