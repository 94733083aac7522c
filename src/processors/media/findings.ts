/**
 * What ffprobe said of files, remembered: blobs never change, operations are asked for on the same ones again and again, and
 * starting ffprobe takes longer than reading a header. A run has the source as a second name of its blob, so a file is
 * known by what it is on disk.
 */
import { stat } from 'node:fs/promises';
import { extname } from 'node:path';
import { LRUCache } from 'lru-cache';

export interface Findings {
  /** @param question what is asked of the file @param ask asks ffprobe; what it throws is not remembered */
  of(file: string, question: string, ask: () => Promise<string>): Promise<string>;
}

/** Characters of all answers together. */
const MOST = 8 * 1024 * 1024;

/** Those of one. */
const LONGEST = MOST / 16;

/** Those of one instance. */
export function createFindings(): Findings {
  const known = new LRUCache<string, string>({
    maxSize: MOST,
    maxEntrySize: LONGEST,
    sizeCalculation: ({ length }) => Math.max(1, length),
  });
  return {
    async of(file, question, ask) {
      const name = `${await identityOf(file)} ${question}`;
      const found = known.get(name);
      if (found !== undefined) return found;
      const answer = await ask();
      known.set(name, answer);
      return answer;
    },
  };
}

/** Not its status time, which a second name changes. ffprobe looks at the ending as well. */
async function identityOf(file: string): Promise<string> {
  const { dev, ino, size, mtimeNs } = await stat(file, { bigint: true });
  return `${dev} ${ino} ${size} ${mtimeNs} ${extname(file)}`;
}
