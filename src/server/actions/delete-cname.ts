import { CNAME } from '../../store/configurations.ts';
import type { Action } from '../action.ts';
import { domainFrom } from '../cnames.ts';
import { helpPage } from '../describe.ts';

const action: Action = {
  name: 'DeleteCname',
  on: { method: 'POST', target: 'bucket', query: ['cname', 'comp=delete'] },
  docs: helpPage('DeleteCname'),
  tier: 2,
  async run(req, { store }) {
    const domain = await domainFrom(req);
    store.configurations.remove(store.buckets.need(req.bucket), CNAME, domain);
    return { status: 200 };
  },
};

export default action;
