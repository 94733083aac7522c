import { createHash } from 'node:crypto';
import { fail } from '../../store/errors.ts';
import { checkKey } from '../../store/names.ts';
import type { Action } from '../action.ts';
import { factsFrom, refuseUnsupported, writtenHeaders } from '../object-headers.ts';
import { overwriteOptions } from '../overwrite.ts';
import { decodeName, type OssRequest } from '../request.ts';

const action: Action = {
  name: 'PutSymlink',
  on: { method: 'PUT', target: 'object', query: ['symlink'] },
  anonymous: 'write',
  docs: 'https://www.alibabacloud.com/help/en/oss/developer-reference/putsymlink',
  async run(req, { store }) {
    refuseUnsupported(req);
    const target = targetFrom(req);
    const bucket = store.buckets.need(req.bucket);
    const facts = factsFrom(req, bucket);
    // Opaque to clients (assumed: that it is the MD5 of the target's name).
    const etag = createHash('md5').update(target).digest('hex').toUpperCase();
    const link = await store.objects.link(bucket, req.key, target, facts, {
      ...overwriteOptions(req, bucket, store),
      etag,
    });
    return { status: 200, headers: writtenHeaders(link, bucket) };
  },
};

/** A key of the same bucket, url-encoded; it need not exist. @throws MissingArgument, InvalidArgument, InvalidObjectName */
function targetFrom(req: OssRequest): string {
  const raw = req.header('x-oss-symlink-target');
  if (!raw) return fail('MissingArgument', { elements: { ArgumentName: 'x-oss-symlink-target' } });
  return checkKey(decodeName(raw));
}

export default action;
