/** Where the streams of a file really end, for whoever joins files: a wrong length would shift all that follows. */
import type { RunContext } from '../operation.ts';
import { ffprobeList } from './ffmpeg.ts';
import type { Probed } from './probed.ts';
import type { Recording } from './recording.ts';

/** Seconds from the beginning of the file; `undefined` for a stream it has not. */
export interface Ends {
  readonly video: number | undefined;
  readonly audio: number | undefined;
}

/** @throws TaskFailure UnsupportedMedia when the packets cannot be read */
export async function endsOf({ source, media, probed }: Recording, ctx: RunContext): Promise<Ends> {
  const endOf = async (stream: { readonly index: number } | undefined) => {
    if (stream === undefined) return undefined;
    const said = media.durationIsGuess ? undefined : saidEnd(probed, stream.index);
    return said ?? (await measuredEnd(source.file, stream.index, probed, ctx));
  };
  return { video: await endOf(media.video), audio: await endOf(media.audio) };
}

/** What the file says itself; `undefined` when it says nothing. */
function saidEnd({ streams, format }: Probed, index: number): number | undefined {
  const stream = streams?.find((one) => one.index === index);
  const beginning = finite(format?.start_time) ?? 0;
  const duration = finite(stream?.duration);
  if (duration !== undefined) return (finite(stream?.start_time) ?? beginning) - beginning + duration;
  // Matroska writes where the stream ends, as 00:00:05.000000000.
  const [hours, minutes, seconds] = (stream?.tags?.DURATION ?? '').split(':').map(Number);
  if (hours === undefined || minutes === undefined || seconds === undefined) return undefined;
  return finite(String(hours * 3600 + minutes * 60 + seconds - beginning));
}

/** By all of its packets, for files that say nothing, or guess (media.md §23.3). */
async function measuredEnd(file: string, index: number, { format }: Probed, ctx: RunContext): Promise<number> {
  const rows = await ffprobeList(
    file,
    ['-select_streams', String(index), '-show_entries', 'packet=pts_time,duration_time'],
    ctx,
  );
  const beginning = finite(format?.start_time) ?? 0;
  let end = 0;
  for (const [, time, lasting] of rows) {
    // Elementary streams have durations only.
    const begin = finite(time) ?? end + beginning;
    end = Math.max(end, begin - beginning + (finite(lasting) ?? 0));
  }
  return end;
}

const finite = (text: string | undefined) =>
  text !== undefined && text !== '' && Number.isFinite(Number(text)) ? Number(text) : undefined;
