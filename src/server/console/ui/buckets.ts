import { listBuckets } from '../api/objects.ts';
import { type Loaded, useLoaded } from './use.ts';

/** Names of all buckets. */
export async function allBuckets(signal: AbortSignal): Promise<readonly string[]> {
  const names: string[] = [];
  let after: string | undefined = '';
  while (after !== undefined) {
    const page: Awaited<ReturnType<typeof listBuckets>> = await listBuckets(after, signal);
    names.push(...page.buckets.map(({ name }) => name));
    after = page.next;
  }
  return names;
}

export const useBuckets = (): Loaded<readonly string[]> => useLoaded(allBuckets, []);
