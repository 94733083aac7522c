import { fail } from '../../store/errors.ts';
import type { Configuration } from '../configuration.ts';
import { flagIn, malformed, outside, textsOf, wholeIn, withDefaults } from '../configuration-checks.ts';
import { childrenOf, type XmlElement } from '../xml.ts';

const MAX_RULES = 10;
const MAX_AGE = 999_999_999;
const methods = ['GET', 'PUT', 'DELETE', 'POST', 'HEAD'];

/** What it does: `cors.ts`. */
const cors: Configuration = {
  key: 'cors',
  root: 'CORSConfiguration',
  names: { put: 'PutBucketCors', get: 'GetBucketCors', delete: 'DeleteBucketCors' },
  tier: 1,
  absent: 'NoSuchCORSConfiguration',
  check(root) {
    const rules = childrenOf(root, 'CORSRule');
    if (rules.length === 0) malformed('CORSConfiguration needs CORSRule');
    if (rules.length > MAX_RULES) fail('CORSRuleBeyondLimit');
    rules.forEach(checkRule);
    flagIn(root, 'ResponseVary');
    return withDefaults({ ...root, children: root.children.map(withLowerCase) }, { ResponseVary: 'false' });
  },
};

/** Names of headers are shown in lower case (tests of the Python SDK v2). */
const withLowerCase = (rule: XmlElement): XmlElement => ({
  ...rule,
  children: rule.children.map((child) =>
    child.name === 'AllowedHeader' ? { ...child, text: child.text.toLowerCase() } : child,
  ),
});

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
  const age = wholeIn(rule, 'MaxAgeSeconds', -MAX_AGE, MAX_AGE);
  if (age !== undefined && age < 0) outside(rule, 'MaxAgeSeconds');
}

export default cors;
