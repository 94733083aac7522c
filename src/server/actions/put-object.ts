import type { Action } from '../action.ts';
import { answered, callbackOf } from '../callback/index.ts';
import { factsFrom, refuseUnsupported, writtenHeaders } from '../object-headers.ts';
import { overwriteOptions } from '../overwrite.ts';
import { checkBody, receive } from '../receive.ts';

const action: Action = {
  name: 'PutObject',
  on: { method: 'PUT', target: 'object' },
  anonymous: 'write',
  docs: 'https://www.alibabacloud.com/help/en/oss/developer-reference/putobject',
  async run(req, oss) {
    const { store } = oss;
    const callback = callbackOf(req, oss);
    refuseUnsupported(req, ['if-match', 'if-none-match', 'if-modified-since', 'if-unmodified-since']);
    checkBody(req);
    const bucket = store.buckets.need(req.bucket);
    const facts = factsFrom(req, bucket);
    const options = overwriteOptions(req, bucket, store);
    const written = await receive(req, bucket, store);
    const object = await store.objects.put(bucket, req.key, written, facts, options);
    const headers = { ...writtenHeaders(object, bucket), 'Content-MD5': object.md5 };
    return answered(callback, { req, oss, object, operation: 'PutObject' }, { status: 200, headers });
  },
};

export default action;
