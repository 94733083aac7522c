/** Runs the process string stage by stage: each is asked for with all that stand before it. */
import { useEffect, useRef, useState } from 'preact/hooks';
import { oss, urlOf } from '../../api/oss.ts';
import { useSettled } from '../../ui/use.ts';
import { doing, format } from './grammar.ts';
import { bucket, chain, isAsync, key, operations } from './state.ts';

/** What a stage made. */
export interface Made {
  /** The process string up to here. */
  readonly process: string;
  readonly type: string;
  readonly bytes: number;
  /** Milliseconds until the server had it. */
  readonly ms: number;
  readonly content: Blob;
  /** To show it; goes with the strip. */
  readonly url: string;
}

/** `stale`: of the string as it was; the new one is on its way. */
export type StageResult = { readonly made: Made; readonly stale?: true } | { readonly error: Error } | undefined;

/** Milliseconds of quiet after the string changed. */
const QUIET_MS = 250;

/** Types that browsers draw. */
const DRAWN = /^image\/(jpeg|png|gif|webp|avif|svg\+xml|bmp)$/;
export const isPicture = (type: string): boolean => type.startsWith('image/');
export const isDrawn = (type: string): boolean => DRAWN.test(type);

async function make(process: string, signal: AbortSignal): Promise<Made> {
  const began = performance.now();
  const call = { method: 'GET', bucket: bucket.value, key: key.value, query: { 'x-oss-process': process } } as const;
  const answer = await oss(call, { signal });
  const content = await answer.blob();
  const type = (answer.headers.get('content-type') ?? '').replace(/;.*/, '');
  // The server's own figure leaves out the way here, and what the browser does.
  const ms = Number(answer.headers.get('x-oss-server-time')) || performance.now() - began;
  return { process, type, bytes: content.size, ms, content, url: await shownAt(process, type, content, signal) };
}

/** A picture that browsers do not draw is asked for again as PNG, only to be shown. */
async function shownAt(process: string, type: string, content: Blob, signal: AbortSignal): Promise<string> {
  if (!isPicture(type) || isDrawn(type)) return URL.createObjectURL(content);
  const separator = process.slice(process.lastIndexOf('|') + 1).startsWith('image/') ? '/' : '|image/';
  const query = { 'x-oss-process': `${process}${separator}format,png` };
  const answer = await oss({ method: 'GET', bucket: bucket.value, key: key.value, query }, { signal });
  return URL.createObjectURL(await answer.blob());
}

/** The process string of each stage; none where a task has to make it. */
const prefixes = (): readonly string[] => {
  const whole = doing(chain.value);
  return isAsync.value ? [] : whole.stages.map((_, i) => format(whole, i + 1));
};

/** What was made stays to be seen until something new is there: nothing flickers while one types. */
const outdated = (result: StageResult): StageResult =>
  result !== undefined && 'made' in result ? { made: result.made, stale: true } : undefined;

const urlsOf = (results: readonly StageResult[]) =>
  new Set(results.flatMap((result) => (result !== undefined && 'made' in result ? [result.made.url] : [])));

/** Frees the pictures that are shown no more. */
function useFreed(results: readonly StageResult[]): void {
  const held = useRef(new Set<string>());
  useEffect(() => {
    const now = urlsOf(results);
    for (const url of held.current) if (!now.has(url)) URL.revokeObjectURL(url);
    held.current = now;
  }, [results]);
  useEffect(
    () => () => {
      for (const url of held.current) URL.revokeObjectURL(url);
    },
    [],
  );
}

/** What each stage made, as it comes. */
export function useStages(): readonly StageResult[] {
  const asked = useSettled(prefixes().join('\n'), QUIET_MS);
  const [results, setResults] = useState<readonly StageResult[]>([]);
  const of = `${bucket.value}/${key.value}`;
  const before = useRef(of);
  useEffect(() => {
    const stop = new AbortController();
    const texts = asked === '' ? [] : asked.split('\n');
    const sameObject = before.current === of;
    before.current = of;
    setResults((now) => texts.map((_, i) => (sameObject ? outdated(now[i]) : undefined)));
    for (const [i, text] of texts.entries()) {
      void make(text, stop.signal)
        .then((made): StageResult => ({ made }))
        .catch((error: Error): StageResult => ({ error }))
        .then((result) => {
          if (!stop.signal.aborted) setResults((now) => now.with(i, result));
          else if (result !== undefined && 'made' in result) URL.revokeObjectURL(result.made.url);
        });
    }
    return () => stop.abort();
  }, [asked, of]);
  useFreed(results);
  return results;
}

/** The object as it is stored, as far as a strip needs it. */
export interface Original {
  readonly type: string;
  readonly bytes: number;
  /** To show it, where it is a picture. */
  readonly url: string | undefined;
}

/** Asks for the object's type and size; its bytes only where a browser draws them. @throws Refused */
export async function originalOf(of: { readonly bucket: string; readonly key: string }): Promise<Original> {
  const answer = await oss({ method: 'HEAD', ...of });
  const type = (answer.headers.get('content-type') ?? '').replace(/;.*/, '');
  const bytes = Number(answer.headers.get('content-length'));
  if (!isPicture(type)) return { type, bytes, url: undefined };
  const query: Record<string, string> = isDrawn(type) ? {} : { 'x-oss-process': 'image/format,png' };
  return { type, bytes, url: await urlOf({ method: 'GET', ...of, query }) };
}

/** Families whose operations take such an object, the likeliest first. */
export function familiesFor(type: string): readonly string[] {
  const known = [...new Set(operations.value.map(({ family }) => family))].filter((one) => one !== 'sys');
  const [kind = ''] = type.split('/');
  const likely =
    kind === 'image'
      ? ['image']
      : kind === 'video'
        ? ['video', 'hls', 'audio']
        : kind === 'audio'
          ? ['audio']
          : ['doc'];
  return [...likely, ...known.filter((one) => !likely.includes(one))];
}
