/** Pieces of one run's work side by side, as many at once as there are cores. */
import { availableParallelism } from 'node:os';
import PQueue from 'p-queue';

/**
 * @returns what each piece came to, in their order
 * @throws what a piece throws; then the others that have begun are over, and the rest do not begin
 */
export async function atOnce<T>(pieces: readonly (() => Promise<T>)[]): Promise<readonly T[]> {
  const queue = new PQueue({ concurrency: availableParallelism() });
  try {
    return await Promise.all(pieces.map((piece) => queue.add(piece)));
  } catch (error) {
    queue.clear();
    await queue.onIdle();
    throw error;
  }
}
