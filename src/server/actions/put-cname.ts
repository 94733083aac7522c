import { CNAME } from '../../store/configurations.ts';
import { fail } from '../../store/errors.ts';
import type { Action } from '../action.ts';
import { domainFrom } from '../cnames.ts';
import { helpPage } from '../describe.ts';
import { hostsOf } from '../hosts.ts';
import { isOwnDomain } from '../request.ts';
import { isoTime } from '../wire.ts';

/** From now on requests to that host are requests to the bucket. No proof is asked for whose the domain is. */
const action: Action = {
  name: 'PutCname',
  on: { method: 'POST', target: 'bucket', query: ['cname', 'comp=add'] },
  docs: helpPage('PutCname'),
  tier: 2,
  async run(req, oss) {
    const { store, clock } = oss;
    const domain = await domainFrom(req);
    const bucket = store.buckets.need(req.bucket);
    // Code and messages are assumed.
    if (isOwnDomain(domain, hostsOf(oss)))
      fail('InvalidArgument', { message: `The domain ${domain} is one of the service itself.` });
    const holder = store.configurations.bucketOfDomain(domain);
    if (holder !== undefined && holder !== bucket.name)
      fail('InvalidArgument', { message: `The domain ${domain} is bound to another bucket.` });
    store.configurations.put(bucket, CNAME, isoTime(new Date(clock.now())), domain);
    return { status: 200 };
  },
};

export default action;
