/** Redirection rules of a website: which one a request meets, and where it leads (rest-core.md §1.7). */
import { flagIn, textsOf } from '../configuration-checks.ts';
import { childOf, childrenOf, childText, type XmlElement } from '../xml.ts';

/** Values of RedirectType. */
export const redirectTypes = ['External', 'Internal', 'AliCDN', 'Mirror'] as const;

export interface RoutingRule {
  readonly condition: {
    /** Only what has failed with this status. */
    readonly status: number | undefined;
    readonly prefix: string;
    readonly suffix: string;
    readonly headers: readonly HeaderCondition[];
  };
  readonly redirect: {
    readonly type: (typeof redirectTypes)[number];
    readonly protocol: string | undefined;
    readonly host: string | undefined;
    /** The new key; `${key}` in it stands for the old one. */
    readonly key: string | undefined;
    /** Stands in the place of the condition's prefix. */
    readonly keyPrefix: string | undefined;
    readonly code: number;
    readonly passQuery: boolean;
  };
}

interface HeaderCondition {
  readonly name: string;
  readonly equals: string | undefined;
  readonly start: string;
  readonly end: string;
}

/** In the order in which they are tried. */
export const readRules = (root: XmlElement): readonly RoutingRule[] =>
  childrenOf(childOf(root, 'RoutingRules') ?? { ...root, children: [] }, 'RoutingRule')
    .toSorted((a, b) => Number(childText(a, 'RuleNumber')) - Number(childText(b, 'RuleNumber')))
    .map(readRule);

function readRule(rule: XmlElement): RoutingRule {
  const nothing: XmlElement = { name: '', text: '', children: [] };
  const condition = childOf(rule, 'Condition') ?? nothing;
  const redirect = childOf(rule, 'Redirect') ?? nothing;
  const status = childText(condition, 'HttpErrorCodeReturnedEquals');
  return {
    condition: {
      status: status === undefined ? undefined : Number(status),
      prefix: childText(condition, 'KeyPrefixEquals') ?? '',
      suffix: childText(condition, 'KeySuffixEquals') ?? '',
      headers: childrenOf(condition, 'IncludeHeader').map((header) => ({
        name: (textsOf(header, 'Key')[0] ?? '').toLowerCase(),
        equals: childText(header, 'Equals'),
        start: childText(header, 'StartsWith') ?? '',
        end: childText(header, 'EndsWith') ?? '',
      })),
    },
    redirect: {
      type: redirectTypes.find((type) => type === childText(redirect, 'RedirectType')?.trim()) ?? 'External',
      protocol: childText(redirect, 'Protocol')?.trim() || undefined,
      host: childText(redirect, 'HostName')?.trim() || undefined,
      key: childText(redirect, 'ReplaceKeyWith') || undefined,
      keyPrefix: childText(redirect, 'ReplaceKeyPrefixWith'),
      code: Number(childText(redirect, 'HttpRedirectCode') ?? 302),
      passQuery: flagIn(redirect, 'PassQueryString') === true,
    },
  };
}

/**
 * The first rule that a request meets.
 * @param status of the refusal that it met; `undefined`: nothing was tried yet
 */
export const ruleFor = (
  rules: readonly RoutingRule[],
  key: string,
  header: (name: string) => string | undefined,
  status: number | undefined,
): RoutingRule | undefined =>
  rules.find(
    ({ condition }) =>
      condition.status === status &&
      key.startsWith(condition.prefix) &&
      key.endsWith(condition.suffix) &&
      condition.headers.every((wanted) => hasHeader(wanted, header(wanted.name))),
  );

const hasHeader = ({ equals, start, end }: HeaderCondition, value: string | undefined): boolean =>
  value !== undefined && (equals === undefined || value === equals) && value.startsWith(start) && value.endsWith(end);

/** The key that a rule makes of another. */
export function rewritten({ condition, redirect }: RoutingRule, key: string): string {
  if (redirect.key !== undefined) return redirect.key.replace(/\$\{key\}/g, () => key);
  if (redirect.keyPrefix === undefined) return key;
  return redirect.keyPrefix + key.slice(condition.prefix.length);
}
