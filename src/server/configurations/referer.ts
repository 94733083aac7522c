import type { Configuration } from '../configuration.ts';
import { flagIn, malformed, needed } from '../configuration-checks.ts';
import { childOf } from '../xml.ts';

/** What it does: `referer.ts`. There is no DELETE: SDKs put one that allows everything. */
const referer: Configuration = {
  key: 'referer',
  root: 'RefererConfiguration',
  names: { put: 'PutBucketReferer', get: 'GetBucketReferer' },
  absent: [
    ['AllowEmptyReferer', 'true'],
    ['RefererList', ''],
  ],
  check(root) {
    needed(root, 'AllowEmptyReferer');
    flagIn(root, 'AllowEmptyReferer');
    const query = flagIn(root, 'AllowTruncateQueryString');
    if (flagIn(root, 'TruncatePath') === true && query === false)
      malformed('TruncatePath cuts the query string off as well');
    // Clients read what is in the list without asking whether there is one.
    if (childOf(root, 'RefererList') !== undefined) return root;
    return { ...root, children: [...root.children, { name: 'RefererList', text: '', children: [] }] };
  },
};

export default referer;
