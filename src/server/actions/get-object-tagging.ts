import type { Action } from '../action.ts';
import { tagsXml } from '../tags.ts';
import { versionFrom, versionHeader } from '../versions.ts';

const action: Action = {
  name: 'GetObjectTagging',
  on: { method: 'GET', target: 'object', query: ['tagging'] },
  takes: ['versionId'],
  docs: 'https://www.alibabacloud.com/help/en/oss/developer-reference/getobjecttagging',
  async run(req, { store }) {
    const bucket = store.buckets.need(req.bucket);
    const object = store.objects.need(bucket, req.key, versionFrom(req));
    return { status: 200, headers: versionHeader(bucket, object), body: { xml: ['Tagging', tagsXml(object.tags)] } };
  },
};

export default action;
