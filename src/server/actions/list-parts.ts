import type { Action } from '../action.ts';
import { countFrom } from '../describe.ts';
import { encodingFrom } from '../list-page.ts';
import { CLIENT_SIDE } from '../object-headers.ts';
import { MAX_PART, uploadFrom } from '../uploads.ts';
import { isoTime, quoted } from '../wire.ts';

const action: Action = {
  name: 'ListParts',
  on: { method: 'GET', target: 'object', query: ['uploadId'] },
  // Multipart uploads belong to those who may write, their lists too (assumed).
  anonymous: 'write-bucket',
  docs: 'https://www.alibabacloud.com/help/en/oss/developer-reference/listparts',
  async run(req, { store }) {
    const { type, encode } = encodingFrom(req);
    const limit = countFrom(req, 'max-parts', { most: 1000, usual: 1000 });
    const after = countFrom(req, 'part-number-marker', { least: 0, most: MAX_PART, usual: 0 });
    const bucket = store.buckets.need(req.bucket);
    const upload = uploadFrom(req, bucket, store, '0042-00000002');
    const found = store.uploads.parts(upload, { after, limit: limit + 1 });
    const parts = found.slice(0, limit);
    const listed = parts.map(
      (part) =>
        [
          'Part',
          [
            ['PartNumber', part.number],
            ['LastModified', isoTime(part.modified)],
            ['ETag', quoted(part.etag)],
            ['HashCrc64ecma', part.crc64],
            ['Size', part.size],
          ],
        ] as const,
    );
    return {
      status: 200,
      body: {
        xml: [
          'ListPartsResult',
          [
            ['EncodingType', type],
            ['Bucket', bucket.name],
            ['Key', encode(upload.key)],
            ['UploadId', upload.id],
            ['StorageClass', upload.facts.storageClass],
            ...encryptedByClient(upload.facts.meta),
            ['PartNumberMarker', after],
            // Always there: Python reads it blindly. Empty when nothing is listed: Java reads that as none.
            ['NextPartNumberMarker', parts.at(-1)?.number ?? ''],
            ['MaxParts', limit],
            ['IsTruncated', String(found.length > limit)],
            ...listed,
          ],
        ],
      },
    };
  },
};

/** What an SDK that encrypts goes on with: it said so when it began the upload. */
const encryptedByClient = (meta: Readonly<Record<string, string>>) =>
  ['Key', 'Start', 'CekAlg', 'WrapAlg', 'DataSize', 'PartSize'].map((name) => {
    const header = `${CLIENT_SIDE}${name.replace(/(?!^)[A-Z]/g, '-$&').toLowerCase()}`;
    return [`ClientEncryption${name}`, meta[header]] as const;
  });

export default action;
