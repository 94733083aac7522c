/** The audio family: sound alone. What it shares with video stands in media/. */
import { finishRecording, openRecording, type Recording } from '../media/recording.ts';
import type { ClauseSpecs, Family, Operation } from '../operation.ts';
import type { ParamSpecs } from '../params.ts';

const family: Family<Recording> = {
  name: 'audio',
  summary: 'Sound: transcoding, cutting, joining.',
  takes: ['audio', 'video'],
  taskType: 'MediaConvert',
  imm: true,
  appendsExtension: true,
  opensInTurn: true,
  open: openRecording,
  finish: finishRecording,
};

export default family;

/** Types an operation of the audio family. */
// biome-ignore lint/complexity/noBannedTypes: "no clauses" is exactly the empty object type
export function audioOperation<S extends ParamSpecs, C extends ClauseSpecs = {}>(
  operation: Operation<Recording, S, C>,
): Operation<Recording, S, C> {
  return operation;
}
