/**
 * Results of earlier synchronous runs, on disk and bounded. A result follows from the source's bytes and the canonical
 * process string alone, and blobs never change: so nothing here ever has to be invalidated.
 */
import { createHash, randomBytes } from 'node:crypto';
import { type FileHandle, mkdir, open, rename, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { LRUCache } from 'lru-cache';

export interface Found {
  readonly handle: FileHandle;
  readonly size: number;
  readonly contentType: string;
}

export interface Results {
  /** The caller closes the handle. */
  find(blob: string, process: string): Promise<Found | undefined>;
  /** Keeps a result, and lets go of those not used for the longest time. */
  keep(blob: string, process: string, bytes: Buffer, contentType: string): Promise<void>;
}

interface Kept {
  readonly size: number;
  readonly contentType: string;
}

/** One result may take this part of the room. */
const LARGEST_PART = 1 / 8;

/** @param dir need not exist; @param maxBytes of all results together, 0 keeps none */
export function createResults(dir: string, maxBytes: number): Results {
  let outOfRoom: string[] = [];
  const kept = new LRUCache<string, Kept>({
    // It wants some room; what does not fit is not offered.
    maxSize: Math.max(1, maxBytes),
    sizeCalculation: ({ size }) => Math.max(1, size),
    dispose: (_, name, why) => {
      if (why === 'evict') outOfRoom.push(name);
    },
  });
  let made: Promise<unknown> | undefined;
  const nameOf = (blob: string, process: string) => createHash('sha256').update(`${blob}\n${process}`).digest('hex');

  async function makeRoom(): Promise<void> {
    const gone = outOfRoom;
    outOfRoom = [];
    for (const name of gone) await rm(join(dir, name), { force: true });
  }

  return {
    async find(blob, process) {
      const name = nameOf(blob, process);
      const facts = kept.get(name);
      if (facts === undefined) return undefined;
      // Another request may have just made room.
      const handle = await open(join(dir, name)).catch(() => undefined);
      return handle === undefined ? undefined : { handle, ...facts };
    },

    async keep(blob, process, bytes, contentType) {
      const name = nameOf(blob, process);
      if (bytes.length > maxBytes * LARGEST_PART || kept.has(name)) return;
      made ??= mkdir(dir, { recursive: true });
      await made;
      const file = join(dir, `new-${randomBytes(8).toString('hex')}`);
      await writeFile(file, bytes);
      await rename(file, join(dir, name));
      if (kept.has(name)) return;
      kept.set(name, { size: bytes.length, contentType });
      await makeRoom();
    },
  };
}
