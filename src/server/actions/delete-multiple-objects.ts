import { fail } from '../../store/errors.ts';
import { checkKey } from '../../store/names.ts';
import type { Action } from '../action.ts';
import { enforceAnonymous } from '../auth/anonymous.ts';
import { checkContentMd5 } from '../digest.ts';
import { encodingFrom } from '../list-page.ts';
import { readBody } from '../request.ts';
import { checkVersionId } from '../versions.ts';
import { childText, readXml, type Xml } from '../xml.ts';

const MAX_BODY = 2 * 1024 * 1024;
const MAX_OBJECTS = 1000;
const MALFORMED = '0016-00000608';

const action: Action = {
  name: 'DeleteMultipleObjects',
  on: { method: 'POST', target: 'bucket', query: ['delete'] },
  anonymous: 'write-bucket',
  docs: 'https://www.alibabacloud.com/help/en/oss/developer-reference/deletemultipleobjects',
  async run(req, { store, settings }) {
    // The Java SDK asks for it in a header.
    const { type, encode } = encodingFrom(req, req.query.get('encoding-type') ?? req.header('encoding-type'));
    const body = await readBody(req, MAX_BODY);
    checkContentMd5(req, body);
    const asked = readXml(body.toString('utf8'), 'Delete', MALFORMED);
    const objects = asked.children.filter(({ name }) => name === 'Object');
    if (objects.length === 0 || objects.length > MAX_OBJECTS) {
      fail('MalformedXML', {
        ec: MALFORMED,
        elements: { ErrorDetail: `1 to ${MAX_OBJECTS} Object elements are allowed, not ${objects.length}` },
      });
    }
    const named = objects.map((object) => {
      const version = childText(object, 'VersionId');
      const key = childText(object, 'Key') || fail('UserKeyMustBeSpecified');
      return { key: checkKey(key), version: version === undefined ? undefined : checkVersionId(version, 'VersionId') };
    });
    const bucket = store.buckets.need(req.bucket);
    if (settings.auth === 'strict' && req.auth.outcome === 'anonymous') {
      // A policy may keep some of them. All or nothing (assumed).
      for (const { key } of named) enforceAnonymous(action, { ...req, target: 'object', key }, store);
    }
    const deleted: Xml[number][] = [];
    for (const { key, version } of named) {
      const removed = await store.objects.remove(bucket, key, version);
      deleted.push([
        'Deleted',
        [
          ['Key', encode(key)],
          ['VersionId', version],
          // Of a marker that was set now, or was removed.
          ['DeleteMarker', removed.marker ? 'true' : undefined],
          ['DeleteMarkerVersionId', removed.marker ? removed.version : undefined],
        ],
      ]);
    }
    if (childText(asked, 'Quiet')?.trim() === 'true') return { status: 200 };
    return { status: 200, body: { xml: ['DeleteResult', [['EncodingType', type], ...deleted]] } };
  },
};

export default action;
