import { bare, int, optional, type Values } from '../../params.ts';
import { imageOperation } from '../family.ts';
import { encodeAs } from '../picture.ts';

const percent = (doc: string, ec: string) => optional(int(doc, { min: 1, max: 100 }, { ec }));

const params = {
  q: percent("Percent of the source's own quality; for sources that are no JPEG the quality itself.", '0040-00000309'),
  Q: percent("The quality; never above the source's own. Wins over q.", '0040-00000308'),
  // OSS has an EC for a bad bare value, so a good one is taken; as q (image.md §10.6, assumed).
  value: bare(percent('The same as q.', '0040-00000310'), 'quality'),
};

export default imageOperation({
  name: 'quality',
  summary: 'Sets the quality of JPEG and WebP.',
  docs: 'https://help.aliyun.com/zh/oss/user-guide/adjust-image-quality',
  fidelity: {
    level: 'approximate',
    because: "figures follow OSS where the source's quantisation tables are libjpeg's",
  },
  params,
  examples: [
    { of: 'photo.jpg', process: 'image/quality,q_60', shows: "60 percent of the source's quality" },
    { of: 'photo.jpg', process: 'image/resize,w_300/quality,Q_50', shows: 'quality 50' },
  ],
  check: ({ q, Q, value }) =>
    q === undefined && Q === undefined && value === undefined
      ? { param: 'q', kind: 'missing', expected: 'q or Q is required', ec: '0040-00000307' }
      : undefined,
  run: async ({ input, params }) => encodeAs(input, { quality: qualityOf(params, input.original.jpegQuality) }),
});

/** @param own the quality of a JPEG source */
function qualityOf({ q, Q, value }: Values<typeof params>, own: number | undefined): number {
  const relative = q ?? value ?? 100;
  if (Q !== undefined) return Math.min(Q, own ?? 100);
  return own === undefined ? relative : Math.max(1, Math.round((own * relative) / 100));
}
