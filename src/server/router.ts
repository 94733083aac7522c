/** Finds action files at start and picks one for a request: method, target and the most specific query and header. */
import { readdir } from 'node:fs/promises';
import { extname } from 'node:path';
import { fail } from '../store/errors.ts';
import type { Action } from './action.ts';
import type { OssRequest } from './request.ts';
import { selects } from './subresources.ts';

const folder = new URL('./actions/', import.meta.url);
const suffix = extname(import.meta.url);

/** Reads the folder. @throws Error when a file has no default export or two actions match the same requests */
export async function loadActions(): Promise<readonly Action[]> {
  const files = (await readdir(folder)).filter((file) => file.endsWith(suffix) && !file.endsWith('.d.ts'));
  const actions = await Promise.all(
    files.map(async (file) => {
      const module = (await import(new URL(file, folder).href)) as { default?: Action };
      if (module.default === undefined) throw new Error(`actions/${file} has no default export`);
      return module.default;
    }),
  );
  const seen = new Map<string, string>();
  for (const { name, on } of actions) {
    const route = JSON.stringify([on.method, on.target, on.query, on.header]);
    const other = seen.get(route);
    if (other !== undefined) throw new Error(`${name} and ${other} match the same requests`);
    seen.set(route, name);
  }
  return actions;
}

/**
 * Picks the action of a request.
 * @throws NotImplemented when the request selects something this emulator does not have: it must never be taken for a
 *   plain GET or PUT. MethodNotAllowed when nothing of that method exists there
 */
export function route(
  actions: readonly Action[],
  req: Pick<OssRequest, 'method' | 'target' | 'query' | 'header'>,
): Action {
  const fitting = actions.filter(({ on }) => on.method === req.method && on.target === req.target && matches(on, req));
  const [best] = fitting.sort((a, b) => weight(b) - weight(a));
  const selected = [...req.query.keys()].filter((name) => selects.has(name));
  const own = [...(best?.on.query ?? []).map(queryName), ...(best?.ignores ?? [])];
  const foreign = selected.find((name) => !own.includes(name));
  if (foreign !== undefined) notImplemented(`${req.method} ?${foreign} on ${article(req.target)}`);
  if (best !== undefined) return best;
  if (!OSS_METHODS.includes(req.method)) fail('MethodNotAllowed', { elements: { Method: req.method } });
  return notImplemented(`${req.method} on ${article(req.target)}`);
}

/** Methods of OSS's own; whatever else HTTP knows is allowed nowhere. */
const OSS_METHODS = ['GET', 'HEAD', 'PUT', 'POST', 'DELETE', 'OPTIONS'];

function notImplemented(what: string): never {
  return fail('NotImplemented', { elements: { Detail: `${what} is not available in this emulator.` } });
}

const article = (target: OssRequest['target']) =>
  target === 'object' ? 'an object' : target === 'bucket' ? 'a bucket' : 'the service';

function matches(on: Action['on'], req: Pick<OssRequest, 'query' | 'header'>): boolean {
  if (on.header !== undefined && req.header(on.header) === undefined) return false;
  return (on.query ?? []).every((wanted) => {
    const found = req.query.get(queryName(wanted));
    return found !== undefined && (!wanted.includes('=') || wanted === `${queryName(wanted)}=${found}`);
  });
}

const queryName = (query: string) => query.split('=', 1)[0] ?? query;
const weight = ({ on }: Action) => 2 * (on.query?.length ?? 0) + (on.header === undefined ? 0 : 1);
