import type { Bucket } from '../../store/buckets.ts';
import { fail } from '../../store/errors.ts';
import type { Store } from '../../store/store.ts';
import type { Action } from '../action.ts';
import { tagFilterFrom, taggingXml, tagsOf } from '../bucket-tags.ts';
import { configurationReader } from '../configuration.ts';
import resourceGroup from '../configurations/resource-group.ts';
import { countFrom, DEFAULT_RESOURCE_GROUP, endpointsOf, owner } from '../describe.ts';
import type { OssRequest } from '../request.ts';
import { isoTime } from '../wire.ts';
import { childText, type Xml } from '../xml.ts';

/** Buckets that are read at once while looking for those that fit. */
const BATCH = 1000;

const groupOf = configurationReader(resourceGroup, (root) => childText(root, 'ResourceGroupId')?.trim());

const action: Action = {
  name: 'ListBuckets',
  on: { method: 'GET', target: 'service' },
  takes: ['tagging'],
  docs: 'https://www.alibabacloud.com/help/en/oss/developer-reference/listbuckets',
  async run(req, { store, settings }) {
    const prefix = prefixFrom(req);
    const marker = req.query.get('marker') ?? '';
    const limit = countFrom(req, 'max-keys', { most: 1000, usual: 100, ec: '0017-00000289' });
    // The Java SDK's test finds groups only in the list of one.
    const byGroup = req.header('x-oss-resource-group-id') !== undefined;
    const byTags = req.query.has('tag-key') || req.query.has('tagging');
    const found = firstFitting(store, { prefix, after: marker }, fitterFrom(req, store), limit + 1);
    const page = found.slice(0, limit);
    const truncated = found.length > limit;
    const filtered = truncated || ['prefix', 'marker', 'max-keys'].some((name) => req.query.has(name));
    const range: Xml = [
      ['Prefix', prefix],
      ['Marker', marker],
      ['MaxKeys', limit],
      ['IsTruncated', String(truncated)],
      ['NextMarker', truncated ? page.at(-1)?.name : undefined],
    ];
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
            ['ResourceGroupId', byGroup ? (groupOf(store, bucket) ?? DEFAULT_RESOURCE_GROUP) : undefined],
            ['Tagging', byTags ? taggingXml(tagsOf(store, bucket)) : undefined],
          ],
        ] as const,
    );
    return {
      status: 200,
      body: { xml: ['ListAllMyBucketsResult', [...(filtered ? range : []), ['Owner', owner], ['Buckets', buckets]]] },
    };
  },
};

/** The Go SDK's test finds one refused that no name begins with; the message is assumed. @throws InvalidArgument */
function prefixFrom(req: OssRequest): string {
  const prefix = req.query.get('prefix') ?? '';
  if (!/^([a-z0-9][a-z0-9-]{0,62})?$/.test(prefix))
    fail('InvalidArgument', {
      message: 'The prefix is not valid.',
      ec: '0017-00000290',
      elements: { ArgumentName: 'prefix', ArgumentValue: prefix },
    });
  return prefix;
}

/** What a bucket must be like. @throws InvalidArgument */
function fitterFrom(req: OssRequest, store: Store): (bucket: Bucket) => boolean {
  const hasTags = tagFilterFrom(req);
  const group = req.header('x-oss-resource-group-id');
  return (bucket) =>
    (hasTags === undefined || hasTags(tagsOf(store, bucket))) &&
    (group === undefined || (groupOf(store, bucket) ?? DEFAULT_RESOURCE_GROUP) === group);
}

function firstFitting(
  store: Store,
  { prefix, after }: { readonly prefix: string; readonly after: string },
  fits: (bucket: Bucket) => boolean,
  limit: number,
): readonly Bucket[] {
  const found: Bucket[] = [];
  let from = after;
  for (;;) {
    const batch = store.buckets.list({ prefix, after: from, limit: BATCH });
    found.push(...batch.filter(fits));
    const last = batch.at(-1);
    if (found.length >= limit || last === undefined || batch.length < BATCH) return found.slice(0, limit);
    from = last.name;
  }
}

export default action;
