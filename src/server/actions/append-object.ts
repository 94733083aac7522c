import { isArchived } from '../../store/archive.ts';
import { fail } from '../../store/errors.ts';
import type { Action } from '../action.ts';
import { positionFrom } from '../append-position.ts';
import { aclFrom, factsFrom, refuseUnsupported, writtenHeaders } from '../object-headers.ts';
import { checkBody, MAX_SIZE, receive } from '../receive.ts';

const action: Action = {
  name: 'AppendObject',
  on: { method: 'POST', target: 'object', query: ['append'] },
  anonymous: 'write',
  docs: 'https://www.alibabacloud.com/help/en/oss/developer-reference/appendobject',
  async run(req, { store }) {
    refuseUnsupported(req);
    const { key } = req;
    const position = positionFrom(req);
    // The whole object has the limit of a PUT.
    const room = MAX_SIZE - position;
    checkBody(req, room);
    const bucket = store.buckets.need(req.bucket);
    // What the first request said is what the object is: of all others, headers are not even read.
    const facts = factsFrom(position === 0 ? req : silent, bucket);
    refuseArchive(store.objects.get(bucket, key)?.storageClass ?? facts.storageClass);
    store.objects.checkAppend(bucket, key, position);
    const written = await receive(req, bucket, store, room);
    const appended = await store.objects.append(bucket, key, position, written, facts);
    // Only its ACL is set again by each (tests of the Go SDK).
    const acl = position === 0 ? undefined : aclFrom(req);
    const object = acl === undefined ? appended : store.objects.change(bucket, key, undefined, { acl });
    return {
      status: 200,
      headers: { ...writtenHeaders(object, bucket), 'x-oss-next-append-position': object.size },
    };
  },
};

const silent = { header: () => undefined, headersStarting: () => ({}) };

/** What is archived does not grow (assumed: how that is refused). @throws OperationNotSupported */
function refuseArchive(storageClass: string): void {
  if (isArchived(storageClass)) {
    fail('OperationNotSupported', {
      elements: { Detail: `An object of class ${storageClass} can not be appended to.` },
    });
  }
}

export default action;
