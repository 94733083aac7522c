import type { Action } from '../action.ts';
import { checkDomain, tokenXml } from '../cnames.ts';
import { helpPage } from '../describe.ts';

/** The domain stands in the query: `?comp=token&cname=example.com`. */
const action: Action = {
  name: 'GetCnameToken',
  on: { method: 'GET', target: 'bucket', query: ['cname', 'comp=token'] },
  docs: helpPage('GetCnameToken'),
  tier: 2,
  coverage: { level: 'stored', because: 'domains are bound without proof; the token proves nothing' },
  async run(req, { store, clock }) {
    const domain = checkDomain(req.query.get('cname') ?? '');
    return {
      status: 200,
      body: { xml: ['CnameToken', tokenXml(store.buckets.need(req.bucket), domain, clock.now())] },
    };
  },
};

export default action;
