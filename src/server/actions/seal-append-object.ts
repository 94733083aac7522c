import type { Action } from '../action.ts';
import { positionFrom } from '../append-position.ts';
import { helpPage } from '../describe.ts';
import { commonHeaders } from '../object-headers.ts';
import { versionHeader } from '../versions.ts';
import { httpTime } from '../wire.ts';

const action: Action = {
  name: 'SealAppendObject',
  on: { method: 'POST', target: 'object', query: ['seal'] },
  docs: helpPage('SealAppendObject'),
  tier: 3,
  async run(req, { store }) {
    const position = positionFrom(req);
    const bucket = store.buckets.need(req.bucket);
    const object = store.objects.seal(bucket, req.key, position);
    return {
      status: 200,
      headers: {
        ...commonHeaders(object),
        ...versionHeader(bucket, object),
        'x-oss-sealed-time': object.sealed && httpTime(object.sealed),
      },
    };
  },
};

export default action;
