/**
 * The offices of one instance. A document waits for the next office that is free; a further one is started when all that
 * run are busy, so that one slow document does not hold up the others.
 */
import { join } from 'node:path';
import PQueue from 'p-queue';
import type { Children } from '../children.ts';
import { createOffice, type Office, type OfficeLimits } from './soffice.ts';

/**
 * @param dir an empty directory inside the data directory
 * @param most offices at once; each takes a core and about 250 MB
 */
export function createOffices(dir: string, children: Children, most: number, limits?: OfficeLimits): Office {
  const offices = Array.from({ length: most }, (_, i) => createOffice(join(dir, `office-${i + 1}`), children, limits));
  // The one that was used last is taken first: it is warm, and the others need not be started.
  const free = offices.toReversed();
  const queue = new PQueue({ concurrency: most });

  async function inNextFree(...[document, job]: Parameters<Office['convert']>): Promise<Buffer> {
    job.signal.throwIfAborted();
    const office = free.pop();
    if (office === undefined) throw new Error('more conversions run than there are offices');
    try {
      return await office.convert(document, job);
    } finally {
      free.push(office);
    }
  }

  return {
    /** A job that is cancelled while it waits leaves at once; its turn does nothing. */
    async convert(document, job) {
      job.signal.throwIfAborted();
      const turn = queue.add(() => inNextFree(document, job));
      return new Promise((resolve, reject) => {
        const leave = () => reject(job.signal.reason);
        job.signal.addEventListener('abort', leave, { once: true });
        turn.then(resolve, reject).finally(() => job.signal.removeEventListener('abort', leave));
      });
    },
    async close() {
      await Promise.all(offices.map((office) => office.close()));
      await queue.onIdle();
    },
  };
}
