import { fail } from '../../store/errors.ts';
import { MAX_SIZE } from '../receive.ts';
import type { SizeRange } from './policy.ts';

/** The EC of a file that is larger than its policy lets it be, or than OSS takes. */
export const TOO_LARGE = '0006-00000003';

/**
 * Passes a file on as long as it keeps to its policy's ranges, and to what OSS takes of a form.
 * @throws EntityTooLarge, EntityTooSmall once the last byte has come
 */
export async function* sized(bytes: AsyncIterable<Buffer>, ranges: readonly SizeRange[]): AsyncGenerator<Buffer> {
  const most = Math.min(MAX_SIZE, ...ranges.map(({ max }) => max));
  const least = Math.max(0, ...ranges.map(({ min }) => min));
  let size = 0;
  for await (const chunk of bytes) {
    size += chunk.length;
    if (size > most) fail('EntityTooLarge', { ec: TOO_LARGE, elements: { MaxSizeAllowed: String(most) } });
    yield chunk;
  }
  if (size < least) {
    const elements = { MinSizeAllowed: String(least), ProposedSize: String(size) };
    fail('EntityTooSmall', { ec: '0006-00000004', elements });
  }
}
