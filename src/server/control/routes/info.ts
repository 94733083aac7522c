import { describeEngines } from '../../../processors/engine-facts.ts';
import { describeFonts } from '../../../processors/image/fonts.ts';
import { settingNames } from '../../config.ts';
import { version } from '../../version.ts';
import type { Route } from '../route.ts';

const route: Route = {
  method: 'GET',
  path: 'info',
  doc: 'Version, uptime, region, engines with their versions, fonts of watermarks, settings without secrets.',
  async run(_req, { settings, startedAt, engines }) {
    const shown = settingNames.map((name) => [
      name,
      name === 'access-keys' ? settings[name].map(({ id }) => id) : settings[name],
    ]);
    return {
      status: 200,
      json: {
        version,
        uptime: Math.round((Date.now() - startedAt.getTime()) / 1000),
        region: settings.region,
        node: process.version,
        engines: await describeEngines(engines.children),
        fonts: await describeFonts(engines.children),
        settings: Object.fromEntries(shown),
      },
    };
  },
};

export default route;
