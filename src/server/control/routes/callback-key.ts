import { KEY_PATH, KEY_TYPE } from '../../callback/index.ts';
import type { Route } from '../route.ts';

const route: Route = {
  method: 'GET',
  path: KEY_PATH,
  doc: 'The public key that callbacks are signed with, as PEM.',
  async run(_req, oss) {
    return { status: 200, text: (await oss.callbackKey()).publicPem, type: KEY_TYPE };
  },
};

export default route;
