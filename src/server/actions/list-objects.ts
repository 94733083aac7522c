import type { Action } from '../action.ts';
import { countFrom } from '../describe.ts';
import { encodingFrom, nameFrom, pageXml } from '../list-page.ts';

const action: Action = {
  name: 'ListObjects',
  on: { method: 'GET', target: 'bucket' },
  anonymous: 'read',
  docs: 'https://www.alibabacloud.com/help/en/oss/developer-reference/listobjects',
  async run(req, { store }) {
    const [prefix, marker, delimiter] = [nameFrom(req, 'prefix'), nameFrom(req, 'marker'), nameFrom(req, 'delimiter')];
    const limit = countFrom(req, 'max-keys', { most: 1000, usual: 100, ec: '0015-00000402' });
    const { type, encode } = encodingFrom(req);
    const bucket = store.buckets.need(req.bucket);
    const page = store.list(bucket.id, { prefix, delimiter, after: marker, skipGroup: true, limit });
    return {
      status: 200,
      body: {
        xml: [
          'ListBucketResult',
          [
            ['Name', bucket.name],
            ['Prefix', encode(prefix)],
            ['Marker', encode(marker)],
            ['MaxKeys', limit],
            ['Delimiter', encode(delimiter)],
            ['EncodingType', type],
            ['IsTruncated', String(page.next !== undefined)],
            ['NextMarker', page.next === undefined ? undefined : encode(page.next)],
            ...pageXml(page, encode, true, store.now()),
          ],
        ],
      },
    };
  },
};

export default action;
