/** What several answers say alike: the owner, endpoints, counts in queries. */
import { fail } from '../store/errors.ts';
import type { Settings } from './config.ts';
import type { Address, OssRequest } from './request.ts';
import { urlEncode } from './wire.ts';
import type { Xml } from './xml.ts';

/** The one account of this emulator: a decimal id, the same for ID and DisplayName as OSS has it (rest-core.md §0.1). */
export const OWNER = '1047205513514293';

/** The resource group that every account has (assumed shape of the id). */
export const DEFAULT_RESOURCE_GROUP = 'rg-acfmxazb4ph6aiy';

export const owner: Xml = [
  ['ID', OWNER],
  ['DisplayName', OWNER],
];

/** Endpoints of a bucket: the address the client used, so that clients that follow them stay on this machine. */
export function endpointsOf(req: Pick<OssRequest, 'host' | 'style'>, settings: Settings): Xml {
  const aliyun = settings.endpoints === 'aliyun';
  const here = req.style === 'host' ? req.host.slice(req.host.indexOf('.') + 1) : req.host;
  return [
    ['ExtranetEndpoint', aliyun ? `oss-${settings.region}.aliyuncs.com` : here],
    ['IntranetEndpoint', aliyun ? `oss-${settings.region}-internal.aliyuncs.com` : here],
  ];
}

/** URL of an object; it mirrors how the request named its bucket. A tilde is encoded (tests of the Java SDK). */
export const locationOf = ({ host, style, bucket, key }: Omit<Address, 'target'> & Pick<OssRequest, 'host'>): string =>
  `http://${host}/${style === 'path' ? `${bucket}/` : ''}${urlEncode(key).replaceAll('~', '%7E')}`;

/** A page size, or another count, in a query. @throws InvalidArgument */
export function countFrom(
  req: Pick<OssRequest, 'query'>,
  name: string,
  range: { readonly least?: number; readonly most: number; readonly usual: number; readonly ec?: string },
): number {
  const text = req.query.get(name);
  if (text === undefined || text === '') return range.usual;
  const count = Number(text);
  const { least = 1 } = range;
  if (!/^\d+$/.test(text) || count < least || count > range.most) {
    fail('InvalidArgument', {
      message: `Argument ${name} must be an integer between ${least} and ${range.most}.`,
      ...(range.ec && { ec: range.ec }),
      elements: { ArgumentName: name, ArgumentValue: text },
    });
  }
  return count;
}

/** The help page of an operation; they are all named alike. */
export const helpPage = (operation: string): string =>
  `https://www.alibabacloud.com/help/en/oss/developer-reference/${operation.toLowerCase()}`;
