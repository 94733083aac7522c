/** Files in place of objects: what `ossite process` works on. */
import { copyFile, link, mkdir, realpath, stat, writeFile } from 'node:fs/promises';
import { basename, dirname, join, relative, resolve, sep } from 'node:path';
import mime from 'mime-types';
import type { ObjectsPort } from '../../processors/run.ts';
import { noSuchBucket } from '../../store/buckets.ts';
import { fail } from '../../store/errors.ts';
import { CommandFailed } from './failure.ts';

/** Name of the bucket that the source's directory stands for. */
export const LOCAL_BUCKET = 'local';

/**
 * The source's directory as a bucket to read from, another one to write to.
 * @param source the file that is processed; other keys are those of its directory and what is below
 * @param into where results are put
 */
export function localObjects(source: string, into: string): ObjectsPort {
  async function fileOf(key: string): Promise<string> {
    if (key === basename(source)) return source;
    const [dir, file] = await Promise.all([
      realpath(dirname(source)),
      realpath(join(dirname(source), key)).catch(() => ''),
    ]);
    return file !== '' && isInside(dir, file) ? file : fail('NoSuchKey', { elements: { Key: key } });
  }

  return {
    async pin({ bucket, key }, path) {
      if (bucket !== LOCAL_BUCKET) noSuchBucket(bucket);
      const file = await realpath(await fileOf(key));
      // Another file system, or one without links.
      await link(file, path).catch(() => copyFile(file, path));
      const { mtime } = await stat(file);
      return { contentType: mime.lookup(key) || 'application/octet-stream', modified: mtime, etag: '' };
    },

    async put({ key }, content) {
      const to = resolve(into, key);
      if (!isInside(resolve(into), to)) throw new CommandFailed(`${to} is not in ${into}`, 2);
      if ((await realpath(to).catch(() => to)) === (await realpath(source)))
        throw new CommandFailed(`${to} is the source itself`, 2);
      await mkdir(dirname(to), { recursive: true });
      if ('file' in content) await copyFile(content.file, to);
      else await writeFile(to, content.bytes);
      return { etag: '', size: (await stat(to)).size };
    },
  };
}

const isInside = (dir: string, file: string): boolean => {
  const path = relative(dir, file);
  return path !== '' && path !== '..' && !path.startsWith(`..${sep}`);
};
