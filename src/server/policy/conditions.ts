/** The conditions of policies that are evaluated here; a statement with any other one never applies (docs/coverage.md). */
import { BlockList, isIP } from 'node:net';
import type { OssRequest } from '../request.ts';
import { matchesWildcard } from '../wildcard.ts';
import type { Conditions } from './document.ts';

type Compare = (actual: string, wanted: string) => boolean;

const lower =
  (compare: Compare): Compare =>
  (actual, wanted) =>
    compare(actual.toLowerCase(), wanted.toLowerCase());
const equals: Compare = (actual, wanted) => actual === wanted;
const like: Compare = (actual, wanted) => matchesWildcard(actual, wanted, { single: true });

/** Each as it is, and with `Not` the other way round. */
const operators: Readonly<Record<string, { readonly compare: Compare; readonly not?: true }>> = {
  StringEquals: { compare: equals },
  StringNotEquals: { compare: equals, not: true },
  StringEqualsIgnoreCase: { compare: lower(equals) },
  StringNotEqualsIgnoreCase: { compare: lower(equals), not: true },
  StringLike: { compare: like },
  StringNotLike: { compare: like, not: true },
  IpAddress: { compare: isWithin },
  NotIpAddress: { compare: isWithin, not: true },
  Bool: { compare: lower(equals) },
};

const keys: Readonly<Record<string, (req: OssRequest) => string>> = {
  'acs:SourceIp': addressOf,
  'acs:SecureTransport': () => 'false',
  'oss:Prefix': ({ query }) => query.get('prefix') ?? '',
  'oss:Delimiter': ({ query }) => query.get('delimiter') ?? '',
};

/** Whether all conditions hold for a request. */
export const hold = (conditions: Conditions, req: OssRequest): boolean =>
  Object.entries(conditions).every(([name, wanted]) => {
    const operator = Object.hasOwn(operators, name) ? operators[name] : undefined;
    return (
      operator !== undefined &&
      Object.entries(wanted).every(([key, values]) => {
        const read = Object.hasOwn(keys, key) ? keys[key] : undefined;
        if (read === undefined) return false;
        const actual = read(req);
        return values.some((value) => operator.compare(actual, value)) !== (operator.not === true);
      })
    );
  });

/** Without the prefix that IPv4 has on a socket that takes both. */
function addressOf(req: OssRequest): string {
  return (req.body.socket.remoteAddress ?? '').replace(/^::ffff:/, '');
}

/** Whether an address is in a range such as `10.0.0.0/8`, or is the one that is named. */
function isWithin(address: string, range: string): boolean {
  const [, network = '', length] = /^([^/]*)(?:\/(\d{1,3}))?$/.exec(range) ?? [];
  const family = isIP(network);
  const most = family === 4 ? 32 : 128;
  const bits = length === undefined ? most : Number(length);
  if (family === 0 || isIP(address) !== family || bits > most) return false;
  const list = new BlockList();
  const type = family === 4 ? 'ipv4' : 'ipv6';
  list.addSubnet(network, bits, type);
  return list.check(address, type);
}
