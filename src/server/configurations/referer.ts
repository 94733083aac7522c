import type { Configuration } from '../configuration.ts';
import { flagIn, malformed, needed, withDefaults } from '../configuration-checks.ts';

/** What it does: `referer.ts`. There is no DELETE: SDKs put one that allows everything. */
const referer: Configuration = {
  key: 'referer',
  root: 'RefererConfiguration',
  names: { put: 'PutBucketReferer', get: 'GetBucketReferer' },
  absent: [
    ['AllowEmptyReferer', 'true'],
    ['AllowTruncateQueryString', 'true'],
    ['RefererList', ''],
  ],
  check(root) {
    needed(root, 'AllowEmptyReferer');
    flagIn(root, 'AllowEmptyReferer');
    const query = flagIn(root, 'AllowTruncateQueryString');
    if (flagIn(root, 'TruncatePath') === true && query === false)
      malformed('TruncatePath cuts the query string off as well');
    // Clients read these without asking whether they are there.
    return withDefaults(root, { AllowTruncateQueryString: 'true', RefererList: '' });
  },
};

export default referer;
