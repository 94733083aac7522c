import type { ClassStat } from '../../store/stat.ts';
import type { Action } from '../action.ts';

const NONE: ClassStat = { count: 0, size: 0, billed: 0 };

/** Counted now; the real service lags by about an hour. Older versions count as objects, parts of uploads do not (assumed). */
const action: Action = {
  name: 'GetBucketStat',
  on: { method: 'GET', target: 'bucket', query: ['stat'] },
  docs: 'https://www.alibabacloud.com/help/en/oss/developer-reference/getbucketstat',
  async run(req, { store }) {
    const { classes, markers, uploads, parts } = store.stat(store.buckets.need(req.bucket).id);
    const all = [...classes.values()];
    const sum = (of: (stat: ClassStat) => number) => all.reduce((total, stat) => total + of(stat), 0);
    const { size, count } = classes.get('Standard') ?? NONE;
    const rows = (name: string, storageClass: string) => {
      const stat = classes.get(storageClass) ?? NONE;
      return [
        [`${name}Storage`, stat.billed],
        [`${name}RealStorage`, stat.size],
        [`${name}ObjectCount`, stat.count],
      ] as const;
    };
    return {
      status: 200,
      body: {
        xml: [
          'BucketStat',
          [
            ['Storage', sum((stat) => stat.size)],
            ['ObjectCount', sum((stat) => stat.count)],
            ['MultipartUploadCount', uploads],
            ['LiveChannelCount', 0],
            // When it was counted: never, for a bucket in which there was nothing to count.
            ['LastModifiedTime', all.length + markers + uploads === 0 ? 0 : Math.floor(store.now() / 1000)],
            ['StandardStorage', size],
            ['StandardObjectCount', count],
            ...rows('InfrequentAccess', 'IA'),
            ...rows('Archive', 'Archive'),
            ...rows('ColdArchive', 'ColdArchive'),
            ...rows('DeepColdArchive', 'DeepColdArchive'),
            ['MultipartPartCount', parts],
            ['DeleteMarkerCount', markers],
          ],
        ],
      },
    };
  },
};

export default action;
