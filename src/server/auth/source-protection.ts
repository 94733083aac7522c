import type { BucketProcess } from '../../store/bucket-process.ts';
import { fail } from '../../store/errors.ts';

/**
 * Refuses what source protection keeps from anonymous callers: an object with a protected suffix, read otherwise than
 * through styles alone (image.md §13).
 * @param process the process string it is read through, empty when it is read as it is
 * @throws AccessDenied
 */
export function enforceSourceProtection(key: string, process: string, { protectedSuffixes }: BucketProcess): void {
  if (!isProtected(key, protectedSuffixes)) return;
  if (isStyled(process)) return;
  fail('AccessDenied', { message: 'The channel can be only accessed using style', ec: '0040-00000031' });
}

/** Whether all of a process string is styles: what the bucket's owner has written, not the caller. */
export const isStyled = (process: string): boolean =>
  process.split('|').every((segment) => segment.startsWith('style/'));

/** `photo.JPG` has the suffix `jpg` (assumed). */
const isProtected = (key: string, suffixes: readonly string[]): boolean =>
  suffixes.some((suffix) => suffix === '*' || key.toLowerCase().endsWith(`.${suffix.toLowerCase()}`));
