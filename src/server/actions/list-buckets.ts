import { fail } from '../../store/errors.ts';
import type { Action } from '../action.ts';
import { countFrom, endpointsOf, owner } from '../describe.ts';
import { isoTime } from '../wire.ts';

const action: Action = {
  name: 'ListBuckets',
  on: { method: 'GET', target: 'service' },
  docs: 'https://www.alibabacloud.com/help/en/oss/developer-reference/listbuckets',
  async run(req, { store, settings }) {
    for (const name of ['tag-key', 'tag-value', 'tagging']) {
      if (req.query.has(name))
        fail('NotImplemented', { elements: { Detail: `Listing buckets by ${name} is not available.` } });
    }
    const prefix = req.query.get('prefix') ?? '';
    const after = req.query.get('marker') ?? '';
    const limit = countFrom(req, 'max-keys', { most: 1000, usual: 100 });
    const found = store.buckets.list({ prefix, after, limit: limit + 1 });
    const page = found.slice(0, limit);
    const truncated = found.length > limit;
    const filtered = truncated || ['prefix', 'marker', 'max-keys'].some((name) => req.query.has(name));
    const range = filtered
      ? ([
          ['Prefix', prefix],
          ['Marker', after],
          ['MaxKeys', limit],
          ['IsTruncated', String(truncated)],
          ['NextMarker', truncated ? page.at(-1)?.name : undefined],
        ] as const)
      : [];
    const buckets = page.map(
      (bucket) =>
        [
          'Bucket',
          [
            ['CreationDate', isoTime(bucket.created)],
            ...endpointsOf(req, settings),
            ['Location', `oss-${settings.region}`],
            ['Name', bucket.name],
            ['Region', settings.region],
            ['StorageClass', bucket.storageClass],
          ],
        ] as const,
    );
    return {
      status: 200,
      body: { xml: ['ListAllMyBucketsResult', [...range, ['Owner', owner], ['Buckets', buckets]]] },
    };
  },
};

export default action;
