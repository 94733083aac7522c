/** What the video and audio families work on: a file and what is inside it. */
import { extname } from 'node:path/posix';
import type { Artifact, RunContext, Source } from '../operation.ts';
import { fallback, millis } from '../params.ts';
import { ffprobe } from './ffmpeg.ts';
import { type Media, mediaOf } from './probe.ts';
import type { Probed } from './probed.ts';

export interface Recording {
  readonly source: Source;
  readonly media: Media;
  /** All that ffprobe says of the file. */
  readonly probed: Probed;
}

/** Operations make new files, so nothing is decoded on opening. @throws TaskFailure UnsupportedMedia */
export async function openRecording(source: Source, ctx: RunContext): Promise<Recording> {
  const probed = (await ffprobe(source.file, ctx)) as Probed;
  return { source, media: mediaOf(probed), probed };
}

/** A recording as it is; operations make artifacts of their own. */
export async function finishRecording({ source }: Recording): Promise<readonly Artifact[]> {
  return [{ file: source.file, ext: extname(source.name).slice(1), contentType: source.contentType }];
}

/** `ss` and `t`, wherever a part of a file is taken (media.md §7.1). */
export const windowParams = {
  ss: fallback(millis('Where to start, in milliseconds.'), 0),
  t: fallback(millis('How long, in milliseconds; 0: to the end.'), 0),
};
