/** video/animation (media.md §9): a part of a video as an animated GIF or WebP. */

import { part, type Rate, retimed } from '../../media/frame-output.ts';
import { stepParams } from '../../media/frame-params.ts';
import { type Placed, percentParam, placed, scaleParam, sideParam } from '../../media/picture-size.ts';
import { assembler, checkPicture, HALVED } from '../../media/pictures.ts';
import { windowParams } from '../../media/recording.ts';
import { type Shots, withShots } from '../../media/shots.ts';
import type { RunContext } from '../../operation.ts';
import { decimal, fallback, oneOf } from '../../params.ts';
import { videoOperation } from '../family.ts';

export default videoOperation({
  name: 'animation',
  summary: 'Makes an animated GIF or WebP of a video.',
  docs: 'https://help.aliyun.com/zh/oss/user-guide/convert-videos-to-animated-images',
  modes: ['async'],
  fidelity: { level: 'approximate', because: 'colours of a GIF are chosen by ffmpeg; at most 10,000 frames a task' },
  notifies: 'Animations',
  params: {
    ...stepParams,
    // Not on OSS's page, but in its own command line tool (media.md §9).
    t: windowParams.t,
    f: oneOf('Format.', ['gif', 'webp']),
    fps: fallback(decimal('Frames shown per second; 0: as fast as they are in the video.', { min: 0, max: 240 }), 0),
    w: sideParam('Width'),
    h: sideParam('Height'),
    pw: percentParam('Width', 'w'),
    ph: percentParam('Height', 'h'),
    scaletype: scaleParam,
  },
  variables: ['index', 'streamindex'],
  examples: [
    {
      of: 'clip.mp4',
      process: 'video/animation,f_gif,w_160,h_90,inter_500',
      shows: 'ten frames, at the speed of the video',
    },
    {
      of: 'clip.mp4',
      process: 'video/animation,f_webp,w_160,h_90,inter_200,num_10,fps_10',
      shows: 'ten frames in one second',
    },
  ],
  run: ({ input, params, ctx: whole }) =>
    withShots(input, { ...params, m: 'inter', thr: 0 }, whole, async (shots, ctx) => {
      const size = placed(params, shots.video.shown);
      const rate = playback(params, shots, ctx);
      const file =
        params.f === 'gif' ? await writeGif(shots, size, rate, ctx) : await writeWebp(shots, size, rate, ctx);
      await checkPicture(file, params.f, size.size);
      return [{ file, ext: params.f, contentType: `image/${params.f}`, variables: { index: '1', streamindex: '0' } }];
    }),
});

/** GIF knows times of whole 10 ms, up to 655.35 s, and so do all that show it. */
const FASTEST_GIF = 100;
const SLOWEST = 655;

/** `fps`, else the speed at which the frames follow each other in the video. */
function playback(
  { fps, inter, f }: { readonly fps: number; readonly inter: number; readonly f: string },
  { timeline, video }: Shots,
  ctx: RunContext,
): Rate {
  const first = timeline.frames[0]?.time ?? 0;
  const own = video.frameRate?.value ?? timeline.frames.length / (timeline.end - first);
  const asked = fps > 0 ? fps : inter > 0 ? Math.min(1000 / inter, own) : own;
  if (f === 'gif' && asked > FASTEST_GIF) {
    ctx.warn(`A GIF shows at most ${FASTEST_GIF} frames per second; ${asked} were asked for.`);
    return { pictures: FASTEST_GIF, seconds: 1 };
  }
  if (asked < 1) return { pictures: 1000, seconds: Math.round(1000 * Math.min(SLOWEST, 1 / asked)) };
  return { pictures: Math.round(asked * 1000), seconds: 1000 };
}

/** Frames of a GIF wait in memory for their common palette; above this they are decoded twice instead. */
const MAX_WAITING_BYTES = 256 * 1024 * 1024;

const GIF = ['-loop', '0', '-f', 'gif'];

async function writeGif(shots: Shots, placed: Placed, rate: Rate, ctx: RunContext): Promise<string> {
  const { width, height } = placed.size;
  const output = ctx.temp('gif');
  const timing = retimed(rate);
  const gif = { timing, options: GIF, output };
  const assemble = await assembler(shots, placed, ctx);
  if (width * height * 4 * shots.frames.length <= MAX_WAITING_BYTES) {
    await assemble(
      { ...gif, graph: '[in]split[seen][drawn];[seen]palettegen[palette];[drawn][palette]paletteuse[out]' },
      ctx,
    );
    return output;
  }
  const palette = ctx.temp('png');
  const options = ['-frames:v', '1', '-update', '1', '-f', 'image2'];
  const colours = { graph: '[in]palettegen[out]', timing, options, output: palette };
  await assemble(colours, part(ctx, 0, 50));
  const beside = [{ file: palette, options: ['-pattern_type', 'none'], sequence: true } as const];
  await assemble({ ...gif, graph: '[in][1:0]paletteuse[out]', beside }, part(ctx, 50, 100));
  return output;
}

async function writeWebp(shots: Shots, placed: Placed, rate: Rate, ctx: RunContext): Promise<string> {
  const output = ctx.temp('webp');
  const assemble = await assembler(shots, placed, ctx);
  const options = ['-c:v', 'libwebp_anim', '-pix_fmt', 'yuv420p', '-loop', '0', '-f', 'webp'];
  const timing = retimed(rate);
  await assemble({ graph: `[in]${HALVED}[out]`, timing, options, output }, ctx);
  return output;
}
