import { fail } from '../../store/errors.ts';
import type { Action } from '../action.ts';
import { endpointsOf, helpPage } from '../describe.ts';

/** There is one region: the one of the settings. */
const action: Action = {
  name: 'DescribeRegions',
  on: { method: 'GET', target: 'service', query: ['regions'] },
  docs: helpPage('DescribeRegions'),
  tier: 2,
  async run(req, { settings }) {
    const region = `oss-${settings.region}`;
    const asked = req.query.get('regions') ?? '';
    if (asked !== '' && asked !== region) fail('NoSuchRegion', { elements: { Region: asked } });
    const [internet, internal] = endpointsOf(req, settings).map(([, value]) => value);
    const info = [
      ['Region', region],
      ['InternetEndpoint', internet],
      ['InternalEndpoint', internal],
      ['AccelerateEndpoint', settings.endpoints === 'aliyun' ? 'oss-accelerate.aliyuncs.com' : internet],
    ] as const;
    return { status: 200, body: { xml: ['RegionInfoList', [['RegionInfo', info]]] } };
  },
};

export default action;
