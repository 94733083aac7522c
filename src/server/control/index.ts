/** The control API under `/_ossite/`: finds its routes in this folder and answers in JSON. */
import { readdir } from 'node:fs/promises';
import type { IncomingMessage } from 'node:http';
import { extname } from 'node:path';
import type { Services } from '../action.ts';
import type { Reply } from '../reply.ts';
import type { Address, Target } from '../request.ts';
import { ControlError, type Route } from './route.ts';

const folder = new URL('./routes/', import.meta.url);
const suffix = extname(import.meta.url);

/** Reads the folder; a file holds one route or several that belong together. */
export async function loadRoutes(): Promise<readonly Route[]> {
  const files = (await readdir(folder)).filter((file) => file.endsWith(suffix) && !file.endsWith('.d.ts'));
  const found = await Promise.all(
    files.map(async (file) => {
      const module = (await import(new URL(file, folder).href)) as { default?: Route | readonly Route[] };
      if (module.default === undefined) throw new Error(`control/routes/${file} has no default export`);
      return module.default;
    }),
  );
  return found.flat();
}

/** Path style only: a bucket's name can not contain `_`, and under a bucket's own host this is an ordinary key. */
export const isControl = (address: Address): boolean => address.style === 'path' && address.bucket === '_ossite';

export async function answerControl(
  message: IncomingMessage,
  address: Address,
  target: Target,
  routes: readonly Route[],
  oss: Services,
): Promise<Reply> {
  try {
    const here = routes.flatMap((route) => {
      const name = match(route.path, address.key);
      return name === undefined ? [] : [{ route, name }];
    });
    if (here.length === 0) throw new ControlError(404, 'NotFound', `there is no /_ossite/${address.key}`);
    const found = here.find(({ route }) => route.method === message.method);
    if (found === undefined) {
      throw new ControlError(
        405,
        'MethodNotAllowed',
        `/_ossite/${address.key} answers ${here.map(({ route }) => route.method).join(', ')}`,
      );
    }
    const { status, json } = await found.route.run({ name: found.name, query: target.query }, oss);
    return jsonReply(status, json);
  } catch (error) {
    if (!(error instanceof ControlError)) throw error;
    return jsonReply(error.status, { error: { code: error.code, message: error.message } });
  }
}

const jsonReply = (status: number, json: unknown): Reply => ({
  status,
  body: { json: `${JSON.stringify(json, null, 2)}\n` },
});

/** @returns what stands for the `{…}` of the pattern, empty when it has none; `undefined` when the path does not fit */
function match(pattern: string, path: string): string | undefined {
  const wanted = pattern.split('/');
  const given = path.replace(/\/$/, '').split('/');
  if (wanted.length !== given.length) return undefined;
  let name = '';
  for (const [i, part] of wanted.entries()) {
    if (part.startsWith('{')) name = given[i] ?? '';
    else if (part !== given[i]) return undefined;
  }
  return name;
}
