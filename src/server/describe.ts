/** What several answers say alike: the owner, endpoints, counts in queries. */
import { fail } from '../store/errors.ts';
import type { Settings } from './config.ts';
import type { OssRequest } from './request.ts';
import type { Xml } from './xml.ts';

/** The one account of this emulator: a decimal id, the same for ID and DisplayName as OSS has it (rest-core.md §0.1). */
const OWNER = '1047205513514293';

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

/** A page size in a query. @throws InvalidArgument */
export function countFrom(
  req: Pick<OssRequest, 'query'>,
  name: string,
  range: { readonly most: number; readonly usual: number },
): number {
  const text = req.query.get(name);
  if (text === undefined || text === '') return range.usual;
  const count = Number(text);
  if (!/^\d+$/.test(text) || count < 1 || count > range.most) {
    fail('InvalidArgument', {
      message: `Argument ${name} must be an integer between 1 and ${range.most}.`,
      elements: { ArgumentName: name, ArgumentValue: text },
    });
  }
  return count;
}
