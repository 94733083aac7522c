/** video/sprite (media.md §11): many small pictures of a video on few large ones. */
import { TaskFailure } from '../../failure.ts';
import { numberedFiles, steady } from '../../media/frame-output.ts';
import { checkPick, pickParams } from '../../media/frame-params.ts';
import { percentParam, placed, scaleParam, sideParam } from '../../media/picture-size.ts';
import { assembler, checkPicture, pictureFormats } from '../../media/pictures.ts';
import type { Dimensions } from '../../media/probe.ts';
import { withShots } from '../../media/shots.ts';
import type { Artifact, Problem } from '../../operation.ts';
import { fallback, int, oneOf, type Values } from '../../params.ts';
import { videoOperation } from '../family.ts';

const params = {
  ...pickParams,
  f: oneOf('Format of the sheets.', ['jpg', 'png']),
  sw: sideParam('Width of a tile'),
  sh: sideParam('Height of a tile'),
  psw: percentParam('Width of a tile', 'sw'),
  psh: percentParam('Height of a tile', 'sh'),
  scaletype: scaleParam,
  tw: fallback(int('Tiles side by side.', { min: 1, max: 100 }), 6),
  th: fallback(int('Tiles one below the other.', { min: 1, max: 100 }), 6),
  pad: fallback(int('Pixels between tiles.', { min: 0, max: 100 }), 2),
  margin: fallback(int('Pixels around all tiles.', { min: 0, max: 100 }), 2),
};

type Params = Values<typeof params>;

/** A side of a sheet, in pixels. */
const MAX_SIDE = 16_384;

export default videoOperation({
  name: 'sprite',
  summary: 'Puts pictures of a video together on sheets.',
  docs: 'https://help.aliyun.com/zh/oss/user-guide/video-cut-sprite',
  modes: ['async'],
  fidelity: {
    level: 'approximate',
    because: 'OSS does not say how its difference hash is made; at most 10,000 tiles a task',
  },
  notifies: 'Sprites',
  params,
  variables: ['index', 'streamindex'],
  examples: [
    {
      of: 'clip.mp4',
      process: 'video/sprite,f_jpg,sw_120,sh_68,inter_500,tw_5,th_2',
      shows: 'ten tiles on one sheet, one every half second',
    },
    {
      of: 'clip.mp4',
      process: 'video/sprite,f_png,sw_100,sh_100,scaletype_fit,inter_1000,tw_2,th_2,pad_0,margin_0',
      shows: 'two sheets: the second has one tile, the rest is black',
    },
  ],
  check,
  run: ({ input, params, ctx: whole }) =>
    withShots(input, { ...params, t: 0 }, whole, async (shots, ctx) => {
      const { f, tw, th, pad, margin, sw, sh, psw, psh } = params;
      // Tiles are all of one size, so fit leaves bars around what is smaller (assumed).
      const scaletype = params.scaletype === 'fit' ? 'fill' : params.scaletype;
      const tile = placed({ w: sw, h: sh, pw: psw, ph: psh, scaletype }, shots.video.shown);
      const sheet = sheetOf(params, tile.size);
      const wrong = tooLarge(sheet);
      if (wrong !== undefined) throw new TaskFailure('InvalidArgument', `${wrong}.`);
      const sheets = numberedFiles(ctx.temp(f));
      const { contentType, filters, options } = pictureFormats[f];
      const assemble = await assembler(shots, tile, ctx);
      const tiling = `tile=${tw}x${th}:padding=${pad}:margin=${margin}:color=black`;
      const assembly = {
        graph: `[in]${[tiling, steady, ...filters].join(',')}[out]`,
        timing: steady,
        options: [...options, '-f', 'image2'],
        output: sheets.pattern,
        written: () => sheets.written().bytes,
      };
      const tiles = await assemble(assembly, ctx);
      const made: Artifact[] = [];
      for (let n = 1; n <= Math.ceil(tiles / (tw * th)); n += 1) {
        const file = sheets.name(n);
        await checkPicture(file, f, sheet);
        made.push({ file, ext: f, contentType, variables: { index: String(n), streamindex: '0' } });
      }
      return made;
    }),
});

function check(params: Params): Problem | undefined {
  const { sw, sh } = params;
  // A side that is not given is the source's, which nobody has looked at yet.
  const expected = tooLarge(sheetOf(params, { width: sw ?? 1, height: sh ?? 1 }));
  return checkPick(params) ?? (expected === undefined ? undefined : { param: 'tw', kind: 'invalid', expected });
}

function sheetOf({ tw, th, pad, margin }: Params, { width, height }: Dimensions): Dimensions {
  return {
    width: 2 * margin + tw * width + (tw - 1) * pad,
    height: 2 * margin + th * height + (th - 1) * pad,
  };
}

/** @returns a sentence, without its full stop */
function tooLarge({ width, height }: Dimensions): string | undefined {
  if (width <= MAX_SIDE && height <= MAX_SIDE) return undefined;
  return `a sheet of ${width}x${height} is larger than ${MAX_SIDE}x${MAX_SIDE}: take smaller tiles or fewer of them`;
}
