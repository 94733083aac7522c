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
export function endpointsOf(req: Pick<OssRequest, 'host'>, settings: Settings): Xml {
  const [extranet, intranet] =
    settings.endpoints === 'aliyun'
      ? [`oss-${settings.region}.aliyuncs.com`, `oss-${settings.region}-internal.aliyuncs.com`]
      : [serviceHost(req.host, settings), serviceHost(req.host, settings)];
  return [
    ['ExtranetEndpoint', extranet],
    ['IntranetEndpoint', intranet],
  ];
}

/** The host without the bucket in front of it. */
function serviceHost(host: string, settings: Settings): string {
  const names = [...settings.hosts, 'localhost'];
  const service = names.find((name) => new RegExp(`^[^.]+\\.${name.replaceAll('.', '\\.')}(:\\d+)?$`).test(host));
  return service === undefined ? host : host.slice(host.indexOf('.') + 1);
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
