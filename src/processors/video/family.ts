/** The video family. What it shares with audio and hls stands in media/. */
import { finishRecording, openRecording, type Recording } from '../media/recording.ts';
import type { ClauseSpecs, Family, Operation } from '../operation.ts';
import type { ParamSpecs } from '../params.ts';

const family: Family<Recording> = {
  name: 'video',
  summary: 'Video and its sound: transcoding, cutting, packing into another container.',
  takes: ['video'],
  taskType: 'MediaConvert',
  imm: true,
  appendsExtension: true,
  opensInTurn: true,
  open: openRecording,
  finish: finishRecording,
};

export default family;

/** Types an operation of the video family. */
// biome-ignore lint/complexity/noBannedTypes: "no clauses" is exactly the empty object type
export function videoOperation<S extends ParamSpecs, C extends ClauseSpecs = {}>(
  operation: Operation<Recording, S, C>,
): Operation<Recording, S, C> {
  return operation;
}
