import { CNAME } from '../../store/configurations.ts';
import type { Action } from '../action.ts';
import { helpPage, OWNER } from '../describe.ts';

const action: Action = {
  name: 'ListCname',
  on: { method: 'GET', target: 'bucket', query: ['cname'] },
  docs: helpPage('ListCname'),
  tier: 2,
  async run(req, { store }) {
    const bucket = store.buckets.need(req.bucket);
    const domains = store.configurations.list(bucket, CNAME).map(
      ({ id, content }) =>
        [
          'Cname',
          [
            ['Domain', id],
            ['LastModified', content],
            ['Status', 'Enabled'],
          ],
        ] as const,
    );
    return {
      status: 200,
      body: { xml: ['ListCnameResult', [['Bucket', bucket.name], ['Owner', OWNER], ...domains]] },
    };
  },
};

export default action;
