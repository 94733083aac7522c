import { bucketTagging, checkTagging } from '../bucket-tags.ts';
import type { Configuration } from '../configuration.ts';
import { needed } from '../configuration-checks.ts';
import { childText } from '../xml.ts';

/** What it does: ListBuckets finds buckets by their tags. */
const tagging: Configuration = {
  ...bucketTagging,
  names: { put: 'PutBucketTags', get: 'GetBucketTags', delete: 'DeleteBucketTags' },
  absent: [['TagSet', '']],
  check: checkTagging,
  /** `?tagging=k1,k2` removes those two. */
  without(root, { query }) {
    const gone = (query.get('tagging') ?? '').split(',').filter((key) => key !== '');
    if (gone.length === 0) return undefined;
    const set = needed(root, 'TagSet');
    const left = set.children.filter((tag) => !gone.includes(childText(tag, 'Key') ?? ''));
    return left.length === 0 ? undefined : { ...root, children: [{ ...set, children: left }] };
  },
};

export default tagging;
