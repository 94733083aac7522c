/**
 * Operations of OSS that this emulator refuses by their names (rest-core.md §1.8): the one list of them. The status is
 * 400, never a 5xx: SDKs would try those again.
 */
import { fail } from '../store/errors.ts';
import type { Action } from './action.ts';
import { helpPage } from './describe.ts';

type Line = readonly [
  name: string,
  method: Action['on']['method'],
  target: Action['on']['target'],
  query: string,
  header?: string,
];

interface Family {
  readonly because: string;
  /** The query keys of an operation stand in one text, separated by `&`. */
  readonly operations: readonly Line[];
}

const families: readonly Family[] = [
  {
    because: 'it is SQL over objects, answered in binary frames',
    operations: [
      ['SelectObject', 'POST', 'object', 'x-oss-process=csv/select'],
      ['SelectJsonObject', 'POST', 'object', 'x-oss-process=json/select'],
      ['CreateSelectObjectMeta', 'POST', 'object', 'x-oss-process=csv/meta'],
      ['CreateSelectJsonObjectMeta', 'POST', 'object', 'x-oss-process=json/meta'],
    ],
  },
  {
    because: 'there is no RTMP server here',
    operations: [
      ['PutLiveChannel', 'PUT', 'object', 'live'],
      ['PutLiveChannelStatus', 'PUT', 'object', 'live&status'],
      ['GetLiveChannelInfo', 'GET', 'object', 'live'],
      ['GetLiveChannelStat', 'GET', 'object', 'live&comp=stat'],
      ['GetLiveChannelHistory', 'GET', 'object', 'live&comp=history'],
      ['DeleteLiveChannel', 'DELETE', 'object', 'live'],
      ['PostVodPlaylist', 'POST', 'object', 'vod'],
      ['GetVodPlaylist', 'GET', 'object', 'vod'],
    ],
  },
  {
    because: 'a bucket has no other names than its own and its domains',
    operations: [
      ['CreateAccessPoint', 'PUT', 'bucket', 'accessPoint'],
      ['GetAccessPoint', 'GET', 'bucket', 'accessPoint', 'x-oss-access-point-name'],
      ['DeleteAccessPoint', 'DELETE', 'bucket', 'accessPoint'],
      ['PutAccessPointPolicy', 'PUT', 'bucket', 'accessPointPolicy'],
      ['GetAccessPointPolicy', 'GET', 'bucket', 'accessPointPolicy'],
      ['DeleteAccessPointPolicy', 'DELETE', 'bucket', 'accessPointPolicy'],
      ['PutAccessPointPublicAccessBlock', 'PUT', 'bucket', 'publicAccessBlock&x-oss-access-point-name'],
      ['GetAccessPointPublicAccessBlock', 'GET', 'bucket', 'publicAccessBlock&x-oss-access-point-name'],
      ['DeleteAccessPointPublicAccessBlock', 'DELETE', 'bucket', 'publicAccessBlock&x-oss-access-point-name'],
    ],
  },
  {
    because: 'it hands requests to functions in the cloud',
    operations: [
      ['CreateAccessPointForObjectProcess', 'PUT', 'bucket', 'accessPointForObjectProcess'],
      ['GetAccessPointForObjectProcess', 'GET', 'bucket', 'accessPointForObjectProcess'],
      ['DeleteAccessPointForObjectProcess', 'DELETE', 'bucket', 'accessPointForObjectProcess'],
      ['ListAccessPointsForObjectProcess', 'GET', 'service', 'accessPointForObjectProcess'],
      ['PutAccessPointConfigForObjectProcess', 'PUT', 'bucket', 'accessPointConfigForObjectProcess'],
      ['GetAccessPointConfigForObjectProcess', 'GET', 'bucket', 'accessPointConfigForObjectProcess'],
      ['PutAccessPointPolicyForObjectProcess', 'PUT', 'bucket', 'accessPointPolicyForObjectProcess'],
      ['GetAccessPointPolicyForObjectProcess', 'GET', 'bucket', 'accessPointPolicyForObjectProcess'],
      ['DeleteAccessPointPolicyForObjectProcess', 'DELETE', 'bucket', 'accessPointPolicyForObjectProcess'],
      ['WriteGetObjectResponse', 'POST', 'service', 'x-oss-write-get-object-response'],
    ],
  },
  {
    because: 'objects are indexed by name only',
    operations: [
      ['OpenMetaQuery', 'POST', 'bucket', 'metaQuery&comp=add'],
      ['DoMetaQuery', 'POST', 'bucket', 'metaQuery&comp=query'],
      ['CloseMetaQuery', 'POST', 'bucket', 'metaQuery&comp=delete'],
      ['GetMetaQueryStatus', 'GET', 'bucket', 'metaQuery'],
      ['DoDataPipeLineAction', 'POST', 'service', 'dataPipeline'],
    ],
  },
  {
    because: 'there is one disk and one zone',
    operations: [
      ['CreateBucketDataRedundancyTransition', 'POST', 'bucket', 'redundancyTransition'],
      ['GetBucketDataRedundancyTransition', 'GET', 'bucket', 'redundancyTransition&x-oss-redundancy-transition-taskid'],
      ['ListBucketDataRedundancyTransition', 'GET', 'bucket', 'redundancyTransition'],
      [
        'DeleteBucketDataRedundancyTransition',
        'DELETE',
        'bucket',
        'redundancyTransition&x-oss-redundancy-transition-taskid',
      ],
      ['ListUserDataRedundancyTransition', 'GET', 'service', 'redundancyTransition'],
      ['ListCloudBoxes', 'GET', 'service', 'cloudboxes'],
    ],
  },
  {
    because: 'a client never makes this server fetch something',
    operations: [
      ['PutAsyncFetchTask', 'POST', 'object', 'asyncFetch'],
      ['GetAsyncFetchTask', 'GET', 'bucket', 'asyncFetch'],
    ],
  },
  {
    because: 'it belongs to buckets with a hierarchical namespace',
    operations: [
      ['Rename', 'POST', 'object', 'x-oss-rename'],
      ['CreateDirectory', 'POST', 'object', 'x-oss-dir'],
      ['DeleteDirectory', 'DELETE', 'object', 'x-oss-dir'],
    ],
  },
  {
    because: 'a callback stands in its request',
    operations: [
      ['PutBucketCallbackPolicy', 'PUT', 'bucket', 'policy&comp=callback'],
      ['GetBucketCallbackPolicy', 'GET', 'bucket', 'policy&comp=callback'],
      ['DeleteBucketCallbackPolicy', 'DELETE', 'bucket', 'policy&comp=callback'],
    ],
  },
  {
    because: 'nothing is throttled here',
    operations: [
      ['PutBucketQosInfo', 'PUT', 'bucket', 'qosInfo'],
      ['GetBucketQosInfo', 'GET', 'bucket', 'qosInfo'],
      ['DeleteBucketQosInfo', 'DELETE', 'bucket', 'qosInfo'],
      ['GetUserQosInfo', 'GET', 'service', 'qosInfo'],
    ],
  },
];

/** One action for each; its answer is the refusal. */
export const refusedActions: readonly Action[] = families.flatMap(({ because, operations }) =>
  operations.map(
    ([name, method, target, query, header]): Action => ({
      name,
      on: { method, target, query: query.split('&'), ...(header !== undefined && { header }) },
      withoutBucket: true,
      docs: helpPage(name),
      tier: 3,
      coverage: { level: 'refused', because },
      run: async () =>
        fail('NotImplemented', {
          message: `${name} is not implemented.`,
          elements: { Detail: `${name} is not available in this emulator: ${because}.` },
        }),
    }),
  ),
);
