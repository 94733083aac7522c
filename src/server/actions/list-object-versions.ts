import type { ListedVersion } from '../../store/version-listing.ts';
import type { Action } from '../action.ts';
import { countFrom, owner } from '../describe.ts';
import { encodingFrom, nameFrom } from '../list-page.ts';
import { restoreInfo } from '../restore.ts';
import { isoTime, quoted } from '../wire.ts';
import type { Xml } from '../xml.ts';

const action: Action = {
  name: 'ListObjectVersions',
  on: { method: 'GET', target: 'bucket', query: ['versions'] },
  anonymous: 'read',
  docs: 'https://www.alibabacloud.com/help/en/oss/developer-reference/listobjectversions',
  tier: 2,
  async run(req, { store }) {
    const [prefix, delimiter] = [nameFrom(req, 'prefix'), nameFrom(req, 'delimiter')];
    const [keyMarker, versionMarker] = [nameFrom(req, 'key-marker'), nameFrom(req, 'version-id-marker')];
    const limit = countFrom(req, 'max-keys', { most: 1000, usual: 100, ec: '0012-00000102' });
    const { type, encode } = encodingFrom(req);
    const bucket = store.buckets.need(req.bucket);
    const page = store.listVersions(bucket.id, { prefix, delimiter, keyMarker, versionMarker, limit });
    const now = store.now();
    return {
      status: 200,
      body: {
        xml: [
          'ListVersionsResult',
          [
            ['Name', bucket.name],
            ['Prefix', encode(prefix)],
            ['KeyMarker', encode(keyMarker)],
            ['VersionIdMarker', versionMarker],
            ['MaxKeys', limit],
            ['Delimiter', encode(delimiter)],
            ['EncodingType', type],
            ['IsTruncated', String(page.next !== undefined)],
            ['NextKeyMarker', page.next && encode(page.next.key)],
            ['NextVersionIdMarker', page.next?.version],
            ...page.versions.map((version) => versionXml(version, encode, now)),
            ...page.prefixes.map((name) => ['CommonPrefixes', [['Prefix', encode(name)]]] as const),
          ],
        ],
      },
    };
  },
};

/** Versions and delete markers stand in one order, by key, the newest first. */
function versionXml(
  { object, marker, latest }: ListedVersion,
  encode: (text: string) => string,
  now: number,
): Xml[number] {
  const common: Xml = [
    ['Key', encode(object.key)],
    ['VersionId', object.version],
    ['IsLatest', String(latest)],
    ['LastModified', isoTime(object.modified)],
  ];
  if (marker) return ['DeleteMarker', [...common, ['Owner', owner]]];
  return [
    'Version',
    [
      ...common,
      ['ETag', quoted(object.etag)],
      ['Type', object.type],
      ['Size', object.size],
      ['StorageClass', object.storageClass],
      ['RestoreInfo', restoreInfo(object, now)],
      ['Owner', owner],
    ],
  ];
}

export default action;
