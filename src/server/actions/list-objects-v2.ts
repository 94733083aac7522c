import { fail } from '../../store/errors.ts';
import { base64Text } from '../../store/names.ts';
import type { Action } from '../action.ts';
import { countFrom } from '../describe.ts';
import { encodingFrom, nameFrom, pageXml } from '../list-page.ts';
import type { OssRequest } from '../request.ts';

const action: Action = {
  name: 'ListObjectsV2',
  on: { method: 'GET', target: 'bucket', query: ['list-type=2'] },
  anonymous: 'read',
  docs: 'https://www.alibabacloud.com/help/en/oss/developer-reference/listobjectsv2',
  async run(req, { store }) {
    const [prefix, startAfter, delimiter] = [
      nameFrom(req, 'prefix'),
      nameFrom(req, 'start-after'),
      nameFrom(req, 'delimiter'),
    ];
    const limit = countFrom(req, 'max-keys', { most: 1000, usual: 100, ec: '0015-00000402' });
    const { type, encode } = encodingFrom(req);
    const token = req.query.get('continuation-token') || undefined;
    const bucket = store.buckets.need(req.bucket);
    const page = store.list(bucket.id, {
      prefix,
      delimiter,
      after: token === undefined ? startAfter : readToken(token),
      // A token names what was listed last; start-after is only a key to start behind.
      skipGroup: token !== undefined,
      limit,
    });
    return {
      status: 200,
      body: {
        xml: [
          'ListBucketResult',
          [
            ['Name', bucket.name],
            ['Prefix', encode(prefix)],
            ['StartAfter', startAfter === '' ? undefined : encode(startAfter)],
            ['MaxKeys', limit],
            ['Delimiter', delimiter === '' ? undefined : encode(delimiter)],
            ['EncodingType', type],
            ['IsTruncated', String(page.next !== undefined)],
            ['ContinuationToken', token],
            ['NextContinuationToken', page.next === undefined ? undefined : writeToken(page.next)],
            ...pageXml(page, encode, wantsOwner(req), store.now()),
            ['KeyCount', page.objects.length + page.prefixes.length],
          ],
        ],
      },
    };
  },
};

const wantsOwner = (req: OssRequest) => req.query.get('fetch-owner')?.toLowerCase() === 'true';

/** Only unreserved characters: some SDKs url-decode tokens and some do not (rule W9). */
const writeToken = (last: string) => Buffer.from(last).toString('base64url');

const readToken = (token: string) =>
  base64Text(token) ??
  fail('InvalidArgument', {
    message: 'The continuation token is invalid.',
    elements: { ArgumentName: 'continuation-token', ArgumentValue: token },
  });

export default action;
