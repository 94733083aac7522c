import { fail } from '../../store/errors.ts';
import { checkKey } from '../../store/names.ts';
import type { Action } from '../action.ts';
import { checkContentMd5 } from '../digest.ts';
import { encodingFrom } from '../list-page.ts';
import { readBody } from '../request.ts';
import { childText, readXml } from '../xml.ts';

const MAX_BODY = 2 * 1024 * 1024;
const MAX_OBJECTS = 1000;

const action: Action = {
  name: 'DeleteMultipleObjects',
  on: { method: 'POST', target: 'bucket', query: ['delete'] },
  docs: 'https://www.alibabacloud.com/help/en/oss/developer-reference/deletemultipleobjects',
  async run(req, { store }) {
    const { type, encode } = encodingFrom(req);
    const body = await readBody(req, MAX_BODY);
    checkContentMd5(req, body);
    const asked = readXml(body.toString('utf8'), 'Delete');
    const objects = asked.children.filter(({ name }) => name === 'Object');
    if (objects.length === 0 || objects.length > MAX_OBJECTS) {
      fail('MalformedXML', {
        elements: { ErrorDetail: `1 to ${MAX_OBJECTS} Object elements are allowed, not ${objects.length}` },
      });
    }
    if (objects.some((object) => childText(object, 'VersionId') !== undefined)) {
      fail('NotImplemented', { elements: { Detail: 'Deleting a version is not available in this emulator.' } });
    }
    const keys = objects.map((object) => checkKey(childText(object, 'Key') ?? ''));
    const bucket = store.buckets.need(req.bucket);
    for (const key of keys) await store.objects.remove(bucket, key);
    if (childText(asked, 'Quiet')?.trim() === 'true') return { status: 200 };
    const deleted = keys.map((key) => ['Deleted', [['Key', encode(key)]]] as const);
    return { status: 200, body: { xml: ['DeleteResult', [['EncodingType', type], ...deleted]] } };
  },
};

export default action;
