import type { Configuration } from '../configuration.ts';
import { needed, wordIn } from '../configuration-checks.ts';

const requestPayment: Configuration = {
  key: 'requestPayment',
  root: 'RequestPaymentConfiguration',
  names: { put: 'PutBucketRequestPayment', get: 'GetBucketRequestPayment' },
  stored: 'nothing is paid, and there is no other account that could',
  absent: [['Payer', 'BucketOwner']],
  check(root) {
    needed(root, 'Payer');
    wordIn(root, 'Payer', ['BucketOwner', 'Requester']);
    return root;
  },
};

export default requestPayment;
