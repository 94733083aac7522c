import { fail } from '../../store/errors.ts';
import type { Configuration } from '../configuration.ts';
import { flagIn, malformed, textsOf, wholeIn } from '../configuration-checks.ts';
import { childrenOf, type XmlElement } from '../xml.ts';

const MAX_RULES = 10;
const methods = ['GET', 'PUT', 'DELETE', 'POST', 'HEAD'];

/** What it does: `cors.ts`. */
const cors: Configuration = {
  key: 'cors',
  root: 'CORSConfiguration',
  names: { put: 'PutBucketCors', get: 'GetBucketCors', delete: 'DeleteBucketCors' },
  absent: 'NoSuchCORSConfiguration',
  check(root) {
    const rules = childrenOf(root, 'CORSRule');
    if (rules.length === 0) malformed('CORSConfiguration needs CORSRule');
    if (rules.length > MAX_RULES) fail('CORSRuleBeyondLimit');
    rules.forEach(checkRule);
    flagIn(root, 'ResponseVary');
    return root;
  },
};

function checkRule(rule: XmlElement): void {
  for (const name of ['AllowedOrigin', 'AllowedMethod']) {
    if (textsOf(rule, name).every((text) => text === '')) malformed(`CORSRule needs ${name}`);
  }
  const unknown = textsOf(rule, 'AllowedMethod').find((method) => !methods.includes(method));
  if (unknown !== undefined) malformed(`AllowedMethod must be one of ${methods.join(', ')}, not ${unknown}`);
  for (const name of ['AllowedOrigin', 'AllowedHeader']) {
    const starry = textsOf(rule, name).find((text) => text.split('*').length > 2);
    if (starry !== undefined) malformed(`${name} may hold one *, not ${starry}`);
  }
  if (textsOf(rule, 'ExposeHeader').some((text) => text.includes('*'))) malformed('ExposeHeader may hold no *');
  wholeIn(rule, 'MaxAgeSeconds', 0, 999_999_999);
}

export default cors;
