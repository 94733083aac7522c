/**
 * Bytes at rest: files with made-up names, written once and never changed. A blob becomes visible by a row that names
 * it, so a reader never sees half of one.
 */
import { createHash, randomBytes } from 'node:crypto';
import { constants, createReadStream } from 'node:fs';
import { copyFile, type FileHandle, link, mkdir, open, readdir, rename, rm, stat, unlink } from 'node:fs/promises';
import { join } from 'node:path';
import { createCRC64, type IHasher } from 'hash-wasm';

/** A blob that is complete on disk but that no row names yet. */
export interface Written {
  readonly blob: string;
  /** Bytes. */
  readonly size: number;
  /** MD5 of the bytes. */
  readonly md5: Buffer;
  /** CRC-64/XZ of the bytes, unsigned decimal (rest-core.md §0.1). */
  readonly crc64: string;
}

export interface Blobs {
  /** Streams bytes into a new blob. Nothing remains when the stream fails. */
  write(bucket: number, bytes: AsyncIterable<Uint8Array>): Promise<Written>;
  /** Makes a finished file a blob; the file is used up. It must be on the data directory's file system. */
  adopt(bucket: number, file: string): Promise<Written>;
  /** Gives an existing blob a second name: blobs never change, so a hard link is a copy. @throws ENOENT */
  duplicate(from: BlobRef, bucket: number): Promise<string>;
  /** Makes the blob appear at `path` as well, where it stays when the blob goes. @throws ENOENT */
  pin(blob: BlobRef, path: string): Promise<void>;
  /** @throws ENOENT */
  open(blob: BlobRef): Promise<FileHandle>;
  /** Removes a blob; one that is gone is no error. */
  remove(blob: BlobRef): Promise<void>;
  /** Removes all of a bucket's. */
  removeBucket(bucket: number): Promise<void>;
  /** Removes blobs of a bucket written before `before` that `isNamed` does not know: what a crash left. */
  sweep(bucket: number, before: Date, isNamed: (blob: string) => boolean): Promise<number>;
}

export interface BlobRef {
  readonly bucket: number;
  readonly blob: string;
}

/** Bytes gathered before they go to disk: fewer, larger writes. */
const WRITE_SIZE = 1024 * 1024;

/** @param root an existing directory; @param temp an existing directory on the same file system */
export function openBlobs(root: string, temp: string): Blobs {
  const folder = (bucket: number) => join(root, String(bucket));
  const path = ({ bucket, blob }: BlobRef) => join(folder(bucket), blob.slice(0, 2), blob);

  async function place(bucket: number, file: string): Promise<string> {
    const blob = randomBytes(16).toString('hex');
    const target = path({ bucket, blob });
    await rename(file, target).catch(async (error: NodeJS.ErrnoException) => {
      if (error.code !== 'ENOENT') throw error;
      await mkdir(join(folder(bucket), blob.slice(0, 2)), { recursive: true });
      await rename(file, target);
    });
    return blob;
  }

  return {
    async write(bucket, bytes) {
      const file = join(temp, `put-${randomBytes(8).toString('hex')}`);
      const handle = await open(file, 'wx');
      try {
        const digest = await digester();
        let size = 0;
        for await (const batch of gather(bytes)) {
          const writing = handle.writev(batch);
          for (const chunk of batch) {
            digest.update(chunk);
            size += chunk.length;
          }
          const { bytesWritten } = await writing;
          if (bytesWritten !== batch.reduce((sum, chunk) => sum + chunk.length, 0))
            throw new Error('short write: is the disk full?');
        }
        await handle.close();
        return { ...digest.finish(), size, blob: await place(bucket, file) };
      } catch (error) {
        await handle.close().catch(() => {});
        await rm(file, { force: true });
        throw error;
      }
    },

    async adopt(bucket, file) {
      const digest = await digester();
      let size = 0;
      for await (const chunk of createReadStream(file, { highWaterMark: WRITE_SIZE }) as AsyncIterable<Buffer>) {
        digest.update(chunk);
        size += chunk.length;
      }
      return { ...digest.finish(), size, blob: await place(bucket, file) };
    },

    async duplicate(from, bucket) {
      const file = join(temp, `copy-${randomBytes(8).toString('hex')}`);
      await linkOrCopy(path(from), file);
      return place(bucket, file);
    },

    pin: (blob, target) => linkOrCopy(path(blob), target),
    open: (blob) => open(path(blob), constants.O_RDONLY),
    remove: (blob) => unlink(path(blob)).catch(ignoreMissing),
    removeBucket: (bucket) => rm(folder(bucket), { recursive: true, force: true }),

    async sweep(bucket, before, isNamed) {
      let removed = 0;
      for (const prefix of await readdir(folder(bucket)).catch(() => [] as string[])) {
        for (const blob of await readdir(join(folder(bucket), prefix))) {
          if (isNamed(blob)) continue;
          const file = path({ bucket, blob });
          const facts = await stat(file).catch(() => undefined);
          if (facts === undefined || facts.ctime >= before) continue;
          await unlink(file).catch(ignoreMissing);
          removed += 1;
        }
      }
      return removed;
    },
  };
}

function ignoreMissing(error: NodeJS.ErrnoException): void {
  if (error.code !== 'ENOENT') throw error;
}

/** Some file systems have no hard links, or no more of them for this file: then it is a real copy. */
async function linkOrCopy(from: string, to: string): Promise<void> {
  await link(from, to).catch(async (error: NodeJS.ErrnoException) => {
    if (error.code === 'ENOENT') throw error;
    await copyFile(from, to, constants.COPYFILE_FICLONE);
  });
}

async function* gather(bytes: AsyncIterable<Uint8Array>): AsyncGenerator<Uint8Array[]> {
  let batch: Uint8Array[] = [];
  let size = 0;
  for await (const chunk of bytes) {
    if (chunk.length === 0) continue;
    batch.push(chunk);
    size += chunk.length;
    if (size >= WRITE_SIZE) {
      yield batch;
      batch = [];
      size = 0;
    }
  }
  if (size > 0) yield batch;
}

/** Hashers that are not in use: making one instantiates a WebAssembly module. */
const idle: IHasher[] = [];

async function digester() {
  const crc = idle.pop() ?? (await createCRC64());
  crc.init();
  const md5 = createHash('md5');
  return {
    update(chunk: Uint8Array) {
      md5.update(chunk);
      crc.update(chunk);
    },
    finish() {
      const crc64 = BigInt(`0x${crc.digest('hex')}`).toString();
      idle.push(crc);
      return { md5: md5.digest(), crc64 };
    },
  };
}
