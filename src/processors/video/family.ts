/** The video family: a file and what is inside it. Operations make new files, so nothing is decoded on opening. */
import { extname } from 'node:path/posix';
import type { ClauseSpecs, Family, Operation, Source } from '../operation.ts';
import type { ParamSpecs } from '../params.ts';
import { type Media, probe } from './media.ts';

/** What an operation of this family works on. */
export interface Video {
  readonly source: Source;
  readonly media: Media;
}

const notBuilt = 'not built yet';

const family: Family<Video> = {
  name: 'video',
  summary: 'Video and its sound: transcoding, cutting, packing into another container.',
  taskType: 'MediaConvert',
  appendsExtension: true,
  refused: {
    animation: notBuilt,
    snapshots: notBuilt,
    sprite: notBuilt,
    concat: notBuilt,
    snapshot: notBuilt,
    info: notBuilt,
  },
  open: async (source, ctx) => ({ source, media: await probe(source.file, ctx) }),
  finish: async ({ source }) => [
    { file: source.file, ext: extname(source.name).slice(1), contentType: source.contentType },
  ],
};

export default family;

/** Types an operation of the video family. */
// biome-ignore lint/complexity/noBannedTypes: "no clauses" is exactly the empty object type
export function videoOperation<S extends ParamSpecs, C extends ClauseSpecs = {}>(
  operation: Operation<Video, S, C>,
): Operation<Video, S, C> {
  return operation;
}
