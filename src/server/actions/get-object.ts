import { fail } from '../../store/errors.ts';
import type { Action } from '../action.ts';
import { checkConditions, spanOf } from '../conditions.ts';
import { checksumHeaders, commonHeaders, metaHeaders, storedHeaders } from '../object-headers.ts';

const action: Action = {
  name: 'GetObject',
  on: { method: 'GET', target: 'object' },
  anonymous: 'read',
  docs: 'https://www.alibabacloud.com/help/en/oss/developer-reference/getobject',
  async run(req, { store }) {
    if (req.auth.outcome === 'anonymous' && [...req.query.keys()].some((name) => name.startsWith('response-'))) {
      fail('InvalidRequest', {
        message: 'Request specific response headers cannot be used for anonymous GET requests.',
      });
    }
    const bucket = store.buckets.need(req.bucket);
    const { object, handle } = await store.objects.open(bucket, req.key);
    try {
      const common = commonHeaders(object);
      if (checkConditions(req.header, object) === 'unchanged') {
        await handle.close();
        return { status: 304, headers: common };
      }
      const span = spanOf(req.header('range'), object.size, req.header('x-oss-range-behavior') === 'standard');
      const { start, end } = span ?? { start: 0, end: object.size - 1 };
      const checksums = checksumHeaders(object);
      return {
        status: span === undefined ? 200 : 206,
        headers: {
          ...storedHeaders(object, req.query),
          ...common,
          ...metaHeaders(object),
          'Accept-Ranges': 'bytes',
          'x-oss-hash-crc64ecma': checksums['x-oss-hash-crc64ecma'],
          // The MD5 is that of the whole object.
          'Content-MD5': span === undefined ? checksums['Content-MD5'] : undefined,
          'Content-Range': span === undefined ? undefined : `bytes ${start}-${end}/${object.size}`,
        },
        body: { handle, start, end },
      };
    } catch (error) {
      await handle.close();
      throw error;
    }
  },
};

export default action;
