import type { Action } from '../action.ts';
import { checkContentMd5 } from '../digest.ts';
import { readBody } from '../request.ts';
import { tagsFromXml } from '../tags.ts';
import { versionFrom, versionHeader } from '../versions.ts';

const MAX_BODY = 64 * 1024;

/** Tags of a symlink are its own. */
const action: Action = {
  name: 'PutObjectTagging',
  on: { method: 'PUT', target: 'object', query: ['tagging'] },
  takes: ['versionId'],
  docs: 'https://www.alibabacloud.com/help/en/oss/developer-reference/putobjecttagging',
  async run(req, { store }) {
    const version = versionFrom(req);
    const body = await readBody(req, MAX_BODY);
    checkContentMd5(req, body);
    const tags = tagsFromXml(body.toString('utf8'));
    const bucket = store.buckets.need(req.bucket);
    return { status: 200, headers: versionHeader(bucket, store.objects.change(bucket, req.key, version, { tags })) };
  },
};

export default action;
