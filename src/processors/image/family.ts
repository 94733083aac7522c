/** Images: what `image/…` works on, and how its operations are written. */
import type { Family, Operation } from '../operation.ts';
import type { ParamSpecs } from '../params.ts';
import { encoded } from './encode.ts';
import { contentTypes } from './formats.ts';
import { turnedSize } from './geometry.ts';
import { open } from './open.ts';
import { honoured } from './orientation.ts';
import { firstFrame, type Picture } from './picture.ts';

const needsImm = 'needs a machine-learning service (IMM) in the cloud';

const image: Family<Picture> = {
  name: 'image',
  summary: 'Resizes, cuts, turns, marks and converts pictures.',
  takes: ['image'],
  refused: {
    bodies: needsImm,
    cars: needsImm,
    codes: needsImm,
    faces: needsImm,
    labels: needsImm,
    score: needsImm,
  },
  open,
  async finish(picture, ctx) {
    const { format } = picture.encoding;
    return [{ bytes: await encoded(await honoured(picture), ctx), ext: format, contentType: contentTypes[format] }];
  },
  sizeOf: ({ facts, orientation }) => turnedSize({ width: facts.width, height: facts.height }, orientation),
};

export default image;

/** How an operation wants its picture. */
interface ImageOperation<S extends ParamSpecs> extends Omit<Operation<Picture, S>, 'modes'> {
  /** Default `sync`. */
  readonly modes?: Operation['modes'];
  /**
   * `still`: upright, first frame only. `frames`: upright, an animation stays one (image.md §2.3). `stored`: as it was
   * opened, EXIF orientation pending. Default `still`.
   */
  readonly takes?: 'still' | 'frames' | 'stored';
  /** Leaves the size as it is, and needs more than geometry to run: so it does not when only sizes are asked for. */
  readonly keepsSize?: true;
}

/** Types an image operation, and has EXIF orientation and animations seen to before it runs. */
export function imageOperation<const S extends ParamSpecs>(spec: ImageOperation<S>): Operation<Picture, S> {
  const { takes = 'still', modes = ['sync'], keepsSize, ...operation } = spec;
  return {
    ...operation,
    modes,
    async run(job) {
      if (takes === 'stored') return spec.run(job);
      const input = await honoured(takes === 'still' ? firstFrame(job.input) : job.input);
      return keepsSize && input.measured ? input : spec.run({ ...job, input });
    },
  };
}
