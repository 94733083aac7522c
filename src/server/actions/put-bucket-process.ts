import type { Action } from '../action.ts';
import { bucketProcessFrom } from '../bucket-process.ts';
import { checkContentMd5 } from '../digest.ts';
import { readBody } from '../request.ts';
import { readXml } from '../xml.ts';

const MAX_BODY = 64 * 1024;

/** Replaces style delimiters and source protection; named as in the Java SDK, the only one that has it. */
const action: Action = {
  name: 'PutBucketProcess',
  on: { method: 'PUT', target: 'bucket', query: ['processConfiguration'] },
  docs: 'https://help.aliyun.com/document_detail/54739.html',
  tier: 2,
  async run(req, { store }) {
    const bucket = store.buckets.need(req.bucket);
    const body = await readBody(req, MAX_BODY);
    checkContentMd5(req, body);
    store.bucketProcesses.put(bucket, bucketProcessFrom(readXml(body.toString('utf8'), 'BucketProcessConfiguration')));
    return { status: 200 };
  },
};

export default action;
