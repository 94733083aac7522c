import type { Action } from '../action.ts';
import { bucketProcessXml } from '../bucket-process.ts';

const action: Action = {
  name: 'GetBucketProcess',
  on: { method: 'GET', target: 'bucket', query: ['processConfiguration'] },
  docs: 'https://help.aliyun.com/document_detail/54739.html',
  tier: 2,
  async run(req, { store }) {
    const process = store.bucketProcesses.get(store.buckets.need(req.bucket));
    return { status: 200, body: { xml: ['BucketProcessConfiguration', bucketProcessXml(process)] } };
  },
};

export default action;
