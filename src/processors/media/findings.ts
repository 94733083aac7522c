/**
 * What ffprobe said of files, remembered: blobs never change, operations are asked for on the same ones again and again, and
 * starting ffprobe takes longer than reading a header. A run has the source as a second name of its blob, so a file is
 * known by what it is on disk.
 */
import { stat } from 'node:fs/promises';
import { extname } from 'node:path';

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
  // Least recently used first: a Map keeps the order of insertion.
  const known = new Map<string, string>();
  let total = 0;

  function remember(name: string, answer: string): void {
    if (answer.length > LONGEST || known.has(name)) return;
    known.set(name, answer);
    total += answer.length;
    for (const [oldest, text] of known) {
      if (total <= MOST) return;
      known.delete(oldest);
      total -= text.length;
    }
  }

  return {
    async of(file, question, ask) {
      const name = `${await identityOf(file)} ${question}`;
      const found = known.get(name);
      if (found === undefined) {
        const answer = await ask();
        remember(name, answer);
        return answer;
      }
      known.delete(name);
      known.set(name, found);
      return found;
    },
  };
}

/** Not its status time, which a second name changes. ffprobe looks at the ending as well. */
async function identityOf(file: string): Promise<string> {
  const { dev, ino, size, mtimeNs } = await stat(file, { bigint: true });
  return `${dev} ${ino} ${size} ${mtimeNs} ${extname(file)}`;
}
