import type { Action } from '../action.ts';
import { countFrom } from '../describe.ts';
import { encodingFrom, nameFrom } from '../list-page.ts';
import { isoTime } from '../wire.ts';

const action: Action = {
  name: 'ListMultipartUploads',
  on: { method: 'GET', target: 'bucket', query: ['uploads'] },
  // As ListParts (assumed).
  anonymous: 'write-bucket',
  docs: 'https://www.alibabacloud.com/help/en/oss/developer-reference/listmultipartuploads',
  async run(req, { store }) {
    const { type, encode } = encodingFrom(req);
    const [prefix, keyMarker] = [nameFrom(req, 'prefix'), nameFrom(req, 'key-marker')];
    const [delimiter, idMarker] = [nameFrom(req, 'delimiter'), nameFrom(req, 'upload-id-marker')];
    const limit = countFrom(req, 'max-uploads', { most: 1000, usual: 1000 });
    const bucket = store.buckets.need(req.bucket);
    const page = store.uploads.list(bucket, { prefix, delimiter, keyMarker, idMarker, limit });
    const uploads = page.uploads.map(
      ({ key, id, facts, initiated }) =>
        [
          'Upload',
          [
            ['Key', encode(key)],
            ['UploadId', id],
            ['StorageClass', facts.storageClass],
            ['Initiated', isoTime(initiated)],
          ],
        ] as const,
    );
    return {
      status: 200,
      body: {
        xml: [
          'ListMultipartUploadsResult',
          [
            ['EncodingType', type],
            ['Bucket', bucket.name],
            ['KeyMarker', encode(keyMarker)],
            ['UploadIdMarker', idMarker],
            // Always there, the last of the page.
            ['NextKeyMarker', encode(page.last?.key ?? '')],
            ['NextUploadIdMarker', page.last?.id ?? ''],
            ['Delimiter', encode(delimiter)],
            ['Prefix', encode(prefix)],
            ['MaxUploads', limit],
            ['IsTruncated', String(page.truncated)],
            ...uploads,
            ...page.prefixes.map((name) => ['CommonPrefixes', [['Prefix', encode(name)]]] as const),
          ],
        ],
      },
    };
  },
};

export default action;
