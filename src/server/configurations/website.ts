import type { Configuration } from '../configuration.ts';
import { malformed, needed, neededText, outside, wholeIn, withDefaults, wordIn } from '../configuration-checks.ts';
import { redirectTypes } from '../website/rules.ts';
import { childOf, childrenOf, childText, type XmlElement } from '../xml.ts';

const MAX_RULES = 20;
const MAX_RULE_NUMBER = 1_000_000;

/** What it does: `website/`. */
const website: Configuration = {
  key: 'website',
  root: 'WebsiteConfiguration',
  names: { put: 'PutBucketWebsite', get: 'GetBucketWebsite', delete: 'DeleteBucketWebsite' },
  absent: 'NoSuchWebsiteConfiguration',
  check(sent) {
    const root = withoutEmpty(sent, { IndexDocument: 'Suffix', ErrorDocument: 'Key' });
    const index = childOf(root, 'IndexDocument');
    const error = childOf(root, 'ErrorDocument');
    const rules = childrenOf(childOf(root, 'RoutingRules') ?? { ...root, children: [] }, 'RoutingRule');
    if (index === undefined && error === undefined && rules.length === 0)
      malformed('WebsiteConfiguration needs IndexDocument, ErrorDocument or RoutingRules');
    if (index !== undefined) {
      if (neededText(index, 'Suffix').includes('/')) malformed('Suffix must not hold /');
      wordIn(index, 'SupportSubDir', ['true', 'false']);
      wholeIn(index, 'Type', 0, 2);
    }
    if (error !== undefined) {
      neededText(error, 'Key');
      wordIn(error, 'HttpStatus', ['200', '404']);
    }
    if (rules.length > MAX_RULES) malformed(`RoutingRules may hold ${MAX_RULES} rules`);
    const numbers = rules.map(checkRule);
    if (new Set(numbers).size < numbers.length) malformed('RuleNumber must be there once');
    return withRedirects(root);
  },
};

/** The Go SDK writes a page that nobody named as one with an empty name; its tests find that taken for none. */
const withoutEmpty = (root: XmlElement, pages: Readonly<Record<string, string>>): XmlElement => ({
  ...root,
  children: root.children.filter((page) => childText(page, pages[page.name] ?? '')?.trim() !== ''),
});

/** The SDKs for Java and Go read of each redirect what it did not say. */
function withRedirects(element: XmlElement): XmlElement {
  if (element.name !== 'Redirect') return { ...element, children: element.children.map(withRedirects) };
  if (childText(element, 'RedirectType')?.trim() === 'Mirror') return withMirror(element);
  return withDefaults(element, {
    RedirectType: 'External',
    PassQueryString: 'false',
    MirrorPassOriginalSlashes: 'false',
  });
}

/** Python reads one answer where two may be given: whether the query is passed on. */
function withMirror(redirect: XmlElement): XmlElement {
  const passes = childOf(redirect, 'MirrorPassQueryString');
  const same = passes === undefined ? redirect.children : redirect.children.map(sameAs(passes, 'PassQueryString'));
  const children = same.map((child) =>
    child.name === 'MirrorHeaders' ? withDefaults(child, { PassAll: 'false' }) : child,
  );
  return withDefaults(
    { ...redirect, children },
    {
      PassQueryString: passes?.text ?? 'false',
      MirrorPassQueryString: 'false',
      MirrorFollowRedirect: 'true',
      MirrorCheckMd5: 'false',
      MirrorPassOriginalSlashes: 'false',
    },
  );
}

const sameAs = (other: XmlElement, name: string) => (element: XmlElement) =>
  element.name === name ? { ...element, text: other.text } : element;

function checkRule(rule: XmlElement): number {
  needed(rule, 'RuleNumber');
  const redirect = needed(rule, 'Redirect');
  const type = wordIn(redirect, 'RedirectType', redirectTypes);
  wordIn(redirect, 'Protocol', ['http', 'https']);
  // The help page lists 301, 302 and 307; the Java SDK's test finds 303 accepted.
  wholeIn(redirect, 'HttpRedirectCode', 301, 307);
  const condition = childOf(rule, 'Condition');
  const code = condition && wholeIn(condition, 'HttpErrorCodeReturnedEquals', 100, 599);
  // A script may be what decides instead.
  const scripted = childOf(rule, 'LuaConfig') !== undefined;
  if (type === 'Mirror' && code !== 404 && !scripted) outside(condition ?? rule, 'HttpErrorCodeReturnedEquals');
  if (childOf(redirect, 'ReplaceKeyWith') && childOf(redirect, 'ReplaceKeyPrefixWith'))
    malformed('ReplaceKeyWith and ReplaceKeyPrefixWith exclude each other');
  return wholeIn(rule, 'RuleNumber', 1, MAX_RULE_NUMBER) ?? 0;
}

export default website;
