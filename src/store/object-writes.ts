/** Objects that come into being whole: written, copied, linked. */
import { needRestored } from './archive.ts';
import type { Blobs } from './blobs.ts';
import type { Bucket } from './buckets.ts';
import type { Clock } from './clock.ts';
import type { Db } from './db.ts';
import { grows, type ObjectReads } from './object-reads.ts';
import { factColumns, type Row, toObject, UNTOUCHED } from './object-rows.ts';
import type { Objects, WriteOptions } from './objects.ts';
import { createTogether } from './together.ts';
import type { Versions } from './versions.ts';

export type ObjectWrites = Pick<Objects, 'put' | 'copy' | 'link'>;

export function openObjectWrites(
  db: Db,
  blobs: Blobs,
  versions: Versions,
  { need, together }: Pick<ObjectReads, 'need' | 'together'>,
  now: Clock,
): ObjectWrites {
  const inTransaction = createTogether(db);

  async function commit(bucket: Bucket, row: Omit<Row, 'seq' | 'version'>, options: WriteOptions) {
    try {
      const stored = await inTransaction(() => versions.install(bucket, row, options.forbidOverwrite === true));
      await blobs.removeAll(bucket.id, stored.blobs);
      return toObject(stored.row);
    } catch (error) {
      if (row.blob !== '') await blobs.remove({ bucket: bucket.id, blob: row.blob });
      throw error;
    }
  }

  return {
    put: (bucket, key, { md5, ...written }, facts, options = {}) =>
      commit(
        bucket,
        {
          ...factColumns(facts, now()),
          ...{ bucket: bucket.id, key, blob: written.blob, size: written.size, crc64: written.crc64 },
          etag: options.etag ?? md5?.toString('hex').toUpperCase() ?? '',
          md5: md5?.toString('base64') ?? null,
          type: options.type ?? 'Normal',
          ...UNTOUCHED,
          target: null,
        },
        options,
      ),
    async copy(from, bucket, key, facts, options = {}) {
      const { source, blob } = await together(
        () => need(from.bucket, from.key, from.version),
        async (object) => {
          // A link is copied as a link: what it points to is not looked at.
          if (object.target !== undefined) return { source: object, blob: '' };
          needRestored(object, now());
          return { source: object, blob: await blobs.duplicate(object, bucket.id, grows(object)) };
        },
      );
      const row = {
        ...factColumns(facts(source), now()),
        ...{ bucket: bucket.id, key, blob, size: source.size, etag: source.etag, crc64: source.crc64 },
        md5: source.md5 ?? null,
        // A copy grows no more (assumed, rest-core.md §1.2).
        type: source.type === 'Appendable' ? ('Normal' as const) : source.type,
        ...UNTOUCHED,
        target: source.target ?? null,
      };
      return commit(bucket, row, options);
    },
    link: (bucket, key, target, facts, options = {}) =>
      commit(
        bucket,
        {
          ...factColumns(facts, now()),
          ...{ bucket: bucket.id, key, blob: '', size: 0, etag: options.etag ?? '', crc64: '', md5: null },
          ...UNTOUCHED,
          ...{ type: 'Symlink', target },
        },
        options,
      ),
  };
}
