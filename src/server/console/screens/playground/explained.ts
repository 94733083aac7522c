/** What the server says to the process string before anything is run. */
import { control } from '../../api/control.ts';
import type { Explained } from '../../api/types.ts';
import { type Loaded, useLoaded, useSettled } from '../../ui/use.ts';
import { bucket, chain, isAsync, key, process } from './state.ts';

/** Milliseconds of quiet after a letter was typed. */
const QUIET_MS = 120;

export interface Verdict extends Explained {
  /** The text that is spoken of: what was typed since is not judged yet. */
  readonly asked: string;
}

/** Asks as the request would be made: a GET, a POST that saves, or a task. */
export function useExplained(): Loaded<Verdict | undefined> {
  const saves = chain.value.directives.length > 0;
  const mode = isAsync.value ? 'async' : saves ? 'post' : 'get';
  const asked = useSettled(process.value, QUIET_MS);
  return useLoaded(
    async (signal) => {
      if (asked === '') return undefined;
      const body = { process: asked, mode, bucket: bucket.value, key: key.value };
      return { asked, ...(await control<Explained>('POST', 'explain', { body, signal })) };
    },
    [asked, mode, bucket.value, key.value],
  );
}
