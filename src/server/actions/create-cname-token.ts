import type { Action } from '../action.ts';
import { domainFrom, tokenXml } from '../cnames.ts';
import { helpPage } from '../describe.ts';

const action: Action = {
  name: 'CreateCnameToken',
  on: { method: 'POST', target: 'bucket', query: ['cname', 'comp=token'] },
  docs: helpPage('CreateCnameToken'),
  tier: 2,
  coverage: { level: 'stored', because: 'domains are bound without proof; the token proves nothing' },
  async run(req, { store, clock }) {
    const domain = await domainFrom(req);
    return {
      status: 200,
      body: { xml: ['CnameToken', tokenXml(store.buckets.need(req.bucket), domain, clock.now())] },
    };
  },
};

export default action;
