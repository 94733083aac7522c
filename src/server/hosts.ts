/** What finding out a request's bucket asks of settings and store. */
import type { Services } from './action.ts';
import type { Hosts } from './request.ts';

/** What a namespace knows of hosts. */
export const hostsOf = ({ settings, store }: Pick<Services, 'settings' | 'store'>): Hosts => ({
  names: settings.hosts,
  cname: (host) => settings.cnames.find((known) => known.host === host)?.bucket,
  domain: (host) => store.configurations.bucketOfDomain(host),
  defaultBucket: settings['default-bucket'],
  bucketExists: (name) => store.buckets.get(name) !== undefined,
  keyExists: (name, prefix) => {
    const first = { prefix, delimiter: '', after: '', skipGroup: false, limit: 1 };
    return store.list(store.buckets.need(name).id, first).objects.length > 0;
  },
});
