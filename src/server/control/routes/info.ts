import { describeEngines } from '../../../processors/engine-facts.ts';
import { describeFonts } from '../../../processors/image/fonts.ts';
import { type SettingName, type Settings, settingNames } from '../../config.ts';
import { version } from '../../version.ts';
import type { Route } from '../route.ts';

const route: Route = {
  method: 'GET',
  path: 'info',
  doc: 'Version, uptime, region, engines with their versions, fonts of watermarks, settings without secrets.',
  async run(_req, { settings, startedAt, engines, store }) {
    return {
      status: 200,
      json: {
        version,
        uptime: Math.round((Date.now() - startedAt.getTime()) / 1000),
        region: settings.region,
        // Where the data really are: with storage memory that is no setting.
        dataDir: store.dir,
        node: process.version,
        engines: await describeEngines(engines.children),
        fonts: await describeFonts(engines.children),
        settings: Object.fromEntries(settingNames.map((name) => [name, shown(name, settings)])),
      },
    };
  },
};

/** Of keys the secret stays here, and of webhooks what follows the host: that may be one. */
function shown(name: SettingName, settings: Settings): unknown {
  if (name === 'access-keys' || name === 'sts-tokens') return settings[name].map(({ id }) => id);
  if (name === 'notify') return settings[name].map(({ topic, url }) => `${topic}=${new URL(url).origin}`);
  return settings[name];
}

export default route;
