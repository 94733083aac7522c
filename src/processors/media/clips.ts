/** The inputs of a concat: what the request says of them, and the opened files in order (media.md §12.1, §14). */
import { OssError } from '../../store/errors.ts';
import { TaskFailure } from '../failure.ts';
import type { Clause, Problem, RunContext } from '../operation.ts';
import { base64Name, fallback, int } from '../params.ts';
import { endsOf } from './length.ts';
import type { Window } from './output.ts';
import type { AudioStream, Media, VideoStream } from './probe.ts';
import { openRecording, type Recording, windowParams } from './recording.ts';

/** The main object counts. */
const MAX_INPUTS = 11;

const clip = { o: base64Name('The object: a key of the same bucket.'), ...windowParams };
/** `pre` stands before the main object, `sur` after it, each in the order written. */
export const clipClauses = { pre: clip, sur: clip };
export type ClipClause = Clause<typeof clipClauses>;

/** What the head of a concat says beyond encoding; `ss` and `t` cut the main object alone. */
export const concatParams = {
  ss: { ...windowParams.ss, doc: 'Where to start in the main object, in milliseconds.' },
  t: { ...windowParams.t, doc: 'How long the main object plays, in milliseconds; 0: to its end.' },
  align: fallback(
    int('The input whose size, rates and channels are taken: an index into all inputs in order, 0 is the first pre.', {
      min: 0,
      max: MAX_INPUTS - 1,
    }),
    0,
  ),
};

/** What is wrong with the clips as text; both limits are refused at submit (assumed, media.md §12). */
export function checkClips(align: number, clauses: readonly ClipClause[]): Problem | undefined {
  const inputs = clauses.length + 1;
  const invalid = (param: string, expected: string): Problem => ({ param, kind: 'invalid', expected });
  // IMM's name for the list of inputs
  if (inputs > MAX_INPUTS) return invalid('Sources', `at most ${MAX_INPUTS} inputs are joined, not ${inputs}`);
  if (align >= inputs) return invalid('align', `align must be less than ${inputs}, the number of inputs`);
  return undefined;
}

function inOrder<T>(main: T, clauses: readonly ClipClause[], of: (clause: ClipClause) => T): readonly T[] {
  const named = (name: ClipClause['name']) => clauses.filter((clause) => clause.name === name).map(of);
  return [...named('pre'), main, ...named('sur')];
}

/** The keys of all inputs, in order. */
export const clipKeys = (main: string, clauses: readonly ClipClause[]): readonly string[] =>
  inOrder(main, clauses, ({ params }) => params.o);

/** The part of a stream that lies in the window. */
export interface Part<S> {
  readonly stream: S;
  readonly seconds: number;
}

/** One input. */
export interface Clip {
  /** Its key. */
  readonly name: string;
  readonly file: string;
  readonly media: Media;
  readonly window: Window;
  readonly video: Part<VideoStream> | undefined;
  readonly audio: Part<AudioStream> | undefined;
}

/**
 * Opens all inputs, in order.
 * @throws TaskFailure ResourceNotFound for a clip that is not there (assumed, media.md §2), UnsupportedMedia for one that
 *   cannot be read, InvalidArgument for a window beyond the end; the message names the clip
 */
export async function openClips(
  main: Recording,
  window: Window,
  clauses: readonly ClipClause[],
  ctx: RunContext,
): Promise<readonly Clip[]> {
  const opening = inOrder(
    () => cut(main, window, ctx),
    clauses,
    ({ params }) =>
      () =>
        openClip(params.o, params, ctx),
  );
  const clips: Clip[] = [];
  for (const open of opening) clips.push(await open());
  return clips;
}

async function openClip(key: string, window: Window, ctx: RunContext): Promise<Clip> {
  try {
    return await cut(await openRecording(await ctx.open(key), ctx), window, ctx);
  } catch (error) {
    if (error instanceof OssError && error.code === 'NoSuchKey') {
      throw new TaskFailure('ResourceNotFound', `The clip ${key} does not exist in the bucket.`);
    }
    if (error instanceof TaskFailure) throw new TaskFailure(error.code, `Clip ${key}: ${error.message}`, error.cause);
    throw error;
  }
}

async function cut(recording: Recording, { ss, t }: Window, ctx: RunContext): Promise<Clip> {
  const { source, media } = recording;
  const ends = await endsOf(recording, ctx);
  const part = <S>(stream: S | undefined, end: number | undefined): Part<S> | undefined => {
    const rest = (end ?? 0) - ss / 1000;
    if (stream === undefined || rest <= 0) return undefined;
    return { stream, seconds: t === 0 ? rest : Math.min(rest, t / 1000) };
  };
  const video = part(media.video, ends.video);
  const audio = part(media.audio, ends.audio);
  if (video === undefined && audio === undefined) {
    const length = Math.round(Math.max(ends.video ?? 0, ends.audio ?? 0) * 1000);
    throw new TaskFailure('InvalidArgument', `ss_${ss} lies beyond the end: the source is ${length} ms long.`);
  }
  return { name: source.name, file: source.file, media, window: { ss, t }, video, audio };
}

/**
 * The stream whose properties are the defaults: that of the align file. When that has none of the kind, the first input
 * that has one steps in (assumed: OSS says nothing about it).
 */
export function alignedTo<K extends 'video' | 'audio'>(kind: K, clips: readonly Clip[], align: number): Clip[K] {
  return clips[align]?.[kind] ?? clips.find((one) => one[kind] !== undefined)?.[kind];
}
