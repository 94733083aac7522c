/**
 * Bytes at rest: files with made-up names, written once and never changed. A blob becomes visible by a row that names
 * it, so a reader never sees half of one.
 */
import { createHash, randomBytes, randomUUID } from 'node:crypto';
import {
  closeSync,
  constants,
  createReadStream,
  open as openCallback,
  openSync,
  readSync,
  renameSync,
  writeSync,
} from 'node:fs';
import { copyFile, type FileHandle, link, mkdir, open, readdir, rename, rm, stat, unlink } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { promisify } from 'node:util';
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
  /** Writes bytes, or streams them, into a new blob. Nothing remains when the stream fails. */
  write(bucket: number, bytes: Uint8Array | AsyncIterable<Uint8Array>): Promise<Written>;
  /** Makes a finished file a blob; the file is used up. It must be on the data directory's file system. */
  adopt(bucket: number, file: string): Promise<Written>;
  /**
   * Gives an existing blob a second name: blobs never change, so a hard link is a copy.
   * @param size bytes to copy really, of a blob that may grow
   * @throws ENOENT
   */
  duplicate(from: BlobRef, bucket: number, size?: number): Promise<string>;
  /** Makes the blob appear at `path` as well, where it stays when the blob goes. @param size as of duplicate @throws ENOENT */
  pin(blob: BlobRef, path: string, size?: number): Promise<void>;
  /**
   * Writes the bytes of a blob behind the first `size` of another and gives the whole a name of its own; the old name
   * still reads as before up to that size.
   * @throws ENOENT
   */
  extend(from: BlobRef & { readonly size: number }, addition: BlobRef): Promise<string>;
  /** Makes one blob of several that follow each other. @param seen is shown all bytes in order @throws ENOENT */
  join(bucket: number, blobs: readonly string[], seen?: (bytes: Uint8Array) => void): Promise<string>;
  /** @throws ENOENT */
  open(blob: BlobRef): Promise<FileHandle>;
  /** The first `size` bytes of a blob, of which there are few: at once, see SMALL. @throws ENOENT */
  read(blob: BlobRef, size: number): Buffer;
  /** Removes a blob; one that is gone is no error. */
  remove(blob: BlobRef): Promise<void>;
  /** As remove, of several. */
  removeAll(bucket: number, blobs: readonly string[]): Promise<void>;
  /** Removes all of a bucket's. */
  removeBucket(bucket: number): Promise<void>;
  /** As removeBucket: they are out of the way when it returns, and gone a little later. @returns when that is */
  dropBucket(bucket: number): Promise<void>;
  /** Removes blobs of a bucket written before `before` that `isNamed` does not know: what a crash left. */
  sweep(bucket: number, before: Date, isNamed: (blob: string) => boolean): Promise<number>;
}

export interface BlobRef {
  readonly bucket: number;
  readonly blob: string;
}

/** Gives a bare descriptor, that can be used at once. */
const openFile = promisify(openCallback);

/** Bytes gathered before they go to disk: fewer, larger writes. */
const WRITE_SIZE = 1024 * 1024;

/**
 * So few bytes are read and written in this thread, as rows are: each trip through the thread pool costs more than the
 * system call it is for. A file is made there all the same: that can wait for the journal of the file system.
 */
export const SMALL = 64 * 1024;

/** @param root an existing directory; @param temp an existing directory on the same file system */
export function openBlobs(root: string, temp: string): Blobs {
  const folder = (bucket: number) => join(root, String(bucket));
  const path = ({ bucket, blob }: BlobRef) => join(folder(bucket), blob.slice(0, 2), blob);

  // Node keeps random bytes for these in store.
  const randomName = () => randomUUID().replaceAll('-', '');

  async function place(bucket: number, file: string): Promise<string> {
    const blob = randomName();
    const target = path({ bucket, blob });
    await rename(file, target).catch(async (error: NodeJS.ErrnoException) => {
      if (error.code !== 'ENOENT') throw error;
      await mkdir(dirname(target), { recursive: true });
      await rename(file, target);
    });
    return blob;
  }

  /** Streams bytes to the end of an open file. */
  async function pour(handle: FileHandle, batches: AsyncIterable<Batch>): Promise<Omit<Written, 'blob'>> {
    const digest = await digester();
    let size = 0;
    for await (const batch of batches) {
      const writing = handle.writev(batch);
      for (const chunk of batch) digest.update(chunk);
      const { bytesWritten } = await writing;
      if (bytesWritten !== lengthOf(batch)) throw new Error('short write: is the disk full?');
      size += bytesWritten;
    }
    return { ...digest.finish(), size };
  }

  /** Under its own name from the start: no row knows that yet, and what a crash leaves of it is swept. */
  async function writeSmall(bucket: number, bytes: Uint8Array): Promise<Written> {
    const digest = await digester();
    digest.update(bytes);
    const blob = randomName();
    const file = path({ bucket, blob });
    const made = await openFile(file, 'wx').catch(async (error: NodeJS.ErrnoException) => {
      if (error.code !== 'ENOENT') throw error;
      await mkdir(dirname(file), { recursive: true });
      return openFile(file, 'wx');
    });
    try {
      if (writeSync(made, bytes) < bytes.length) throw new Error('short write: is the disk full?');
    } catch (error) {
      await rm(file, { force: true });
      throw error;
    } finally {
      closeSync(made);
    }
    return { ...digest.finish(), size: bytes.length, blob };
  }

  /** Makes a file in the temporary directory and lets `fill` write it. Nothing remains when that fails. */
  async function made<T>(prefix: string, bucket: number, fill: (handle: FileHandle) => Promise<T>) {
    const file = join(temp, `${prefix}-${randomBytes(8).toString('hex')}`);
    const handle = await open(file, 'wx');
    try {
      const filled = await fill(handle);
      await handle.close();
      return { filled, blob: await place(bucket, file) };
    } catch (error) {
      await handle.close().catch(() => {});
      await rm(file, { force: true });
      throw error;
    }
  }

  return {
    async write(bucket, bytes) {
      if (bytes instanceof Uint8Array && bytes.length <= SMALL) return writeSmall(bucket, bytes);
      const batches = gather(bytes instanceof Uint8Array ? [bytes] : bytes);
      const { value: first = [] } = await batches.next();
      // A batch that is not full is the last one.
      if (lengthOf(first) <= SMALL) return writeSmall(bucket, Buffer.concat(first));
      const { filled, blob } = await made('put', bucket, (handle) => pour(handle, from(first, batches)));
      return { ...filled, blob };
    },

    async extend({ size, ...from }, addition) {
      const file = join(temp, `append-${randomBytes(8).toString('hex')}`);
      await linkOrCopy(path(from), file);
      try {
        const handle = await open(file, 'r+');
        try {
          // What an append that did not come to its end left behind.
          await handle.truncate(size);
          await copyInto(handle, path(addition), { at: size });
        } finally {
          await handle.close();
        }
        return await place(from.bucket, file);
      } catch (error) {
        await rm(file, { force: true });
        throw error;
      }
    },

    async join(bucket, names, seen) {
      const { blob } = await made('join', bucket, async (handle) => {
        let at = 0;
        for (const name of names)
          at += await copyInto(handle, path({ bucket, blob: name }), { at, ...(seen && { seen }) });
      });
      return blob;
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

    async duplicate(from, bucket, size) {
      if (size !== undefined)
        return (await made('copy', bucket, (handle) => copyInto(handle, path(from), { size }))).blob;
      const file = join(temp, `copy-${randomBytes(8).toString('hex')}`);
      await linkOrCopy(path(from), file);
      return place(bucket, file);
    },

    async pin(blob, target, size) {
      if (size === undefined) return linkOrCopy(path(blob), target);
      const handle = await open(target, 'wx');
      try {
        await copyInto(handle, path(blob), { size });
      } finally {
        await handle.close();
      }
    },
    open: (blob) => open(path(blob), constants.O_RDONLY),
    read(blob, size) {
      const file = openSync(path(blob), constants.O_RDONLY);
      try {
        const bytes = Buffer.allocUnsafe(size);
        if (readSync(file, bytes, 0, size, 0) < size) throw new Error('a blob is shorter than its row says');
        return bytes;
      } finally {
        closeSync(file);
      }
    },
    remove: (blob) => unlink(path(blob)).catch(ignoreMissing),
    async removeAll(bucket, names) {
      for (const blob of names) await unlink(path({ bucket, blob })).catch(ignoreMissing);
    },
    removeBucket: (bucket) => rm(folder(bucket), { recursive: true, force: true }),

    dropBucket(bucket) {
      const gone = join(temp, `gone-${randomBytes(8).toString('hex')}`);
      try {
        renameSync(folder(bucket), gone);
      } catch {
        // It has none, or they stay where they are until they are gone: no row names them any more.
        return rm(folder(bucket), { recursive: true, force: true });
      }
      return rm(gone, { recursive: true, force: true, maxRetries: 3 });
    },

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

interface CopyOptions {
  readonly at?: number;
  readonly size?: number;
  readonly seen?: (bytes: Uint8Array) => void;
}

/** Writes a file's bytes, or the first `size` of them, into an open one from `at` on, in constant memory. @returns how many */
async function copyInto(
  to: FileHandle,
  file: string,
  { at = 0, size = Number.POSITIVE_INFINITY, seen }: CopyOptions,
): Promise<number> {
  const from = await open(file, constants.O_RDONLY);
  try {
    const buffer = Buffer.allocUnsafe(WRITE_SIZE);
    let done = 0;
    while (done < size) {
      const { bytesRead } = await from.read(buffer, 0, Math.min(buffer.length, size - done));
      if (bytesRead === 0) break;
      const { bytesWritten } = await to.write(buffer, 0, bytesRead, at + done);
      if (bytesWritten !== bytesRead) throw new Error('short write: is the disk full?');
      seen?.(buffer.subarray(0, bytesRead));
      done += bytesRead;
    }
    return done;
  } finally {
    await from.close();
  }
}

/** Some file systems have no hard links, or no more of them for this file: then it is a real copy. */
async function linkOrCopy(from: string, to: string): Promise<void> {
  await link(from, to).catch(async (error: NodeJS.ErrnoException) => {
    if (error.code === 'ENOENT') throw error;
    await copyFile(from, to, constants.COPYFILE_FICLONE);
  });
}

type Batch = readonly Uint8Array[];

const lengthOf = (batch: Batch): number => batch.reduce((sum, chunk) => sum + chunk.length, 0);

async function* from(first: Batch, rest: AsyncIterable<Batch>): AsyncGenerator<Batch> {
  yield first;
  yield* rest;
}

/** All batches but the last are full. */
async function* gather(bytes: AsyncIterable<Uint8Array> | readonly Uint8Array[]): AsyncGenerator<Batch, undefined> {
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
  return undefined;
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
