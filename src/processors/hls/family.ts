/** Playlists for watching a video while it is transcoded (media.md §17). */
import type { Artifact, ClauseSpecs, Family, Operation, Source } from '../operation.ts';
import type { ParamSpecs } from '../params.ts';

const family: Family<Source> = {
  name: 'hls',
  summary: 'Transcoding while playing: playlists whose segments are made when they are asked for.',
  takes: ['video', 'audio', 'playlist'],
  imm: true,
  /** One of its operations works on a recording, the others on a playlist: each reads what it needs. */
  open: async (source) => source,
  async finish(): Promise<readonly Artifact[]> {
    throw new Error('operations of hls make their artifacts themselves');
  },
};

export default family;

/** Types an operation of the hls family. */
// biome-ignore lint/complexity/noBannedTypes: "no clauses" is exactly the empty object type
export function hlsOperation<S extends ParamSpecs, C extends ClauseSpecs = {}>(
  operation: Operation<Source, S, C>,
): Operation<Source, S, C> {
  return operation;
}
