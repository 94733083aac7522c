/** Finds action files at start and picks one for a request: method, target and the most specific query and header. */
import { fail } from '../store/errors.ts';
import type { Action } from './action.ts';
import { actionsOf, type Configuration } from './configuration.ts';
import { loadFolder } from './folder.ts';
import { refusedActions } from './refused.ts';
import type { OssRequest } from './request.ts';
import { selects } from './subresources.ts';

/**
 * Reads the folders of actions and of configurations, and adds what is refused by name.
 * @throws Error when a file has no default export or two actions match the same requests
 */
export async function loadActions(): Promise<readonly Action[]> {
  const [files, configurations] = await Promise.all([
    loadFolder<Action | readonly Action[]>(new URL('./actions/', import.meta.url)),
    loadConfigurations(),
  ]);
  const actions = [...files.flat(), ...configurations.flatMap(actionsOf), ...refusedActions];
  const seen = new Map<string, string>();
  for (const { name, on } of actions) {
    const route = JSON.stringify([on.method, on.target, on.query, on.header]);
    const other = seen.get(route);
    if (other !== undefined) throw new Error(`${name} and ${other} match the same requests`);
    seen.set(route, name);
  }
  return actions;
}

/** Reads the folder of configurations. */
export const loadConfigurations = (): Promise<readonly Configuration[]> =>
  loadFolder<Configuration>(new URL('./configurations/', import.meta.url));

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
  const own = [...(best?.on.query ?? []).map(queryName), ...(best?.ignores ?? []), ...(best?.takes ?? [])];
  const foreign = selected.find((name) => !own.includes(name));
  if (foreign !== undefined) notImplemented(`${req.method} ?${foreign} on ${article(req.target)}`);
  if (best !== undefined) return best;
  if (!OSS_METHODS.includes(req.method)) fail('MethodNotAllowed');
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
/** A key with a value says more than the key alone. */
const weight = ({ on }: Action) =>
  (on.query ?? []).reduce((sum, query) => sum + (query.includes('=') ? 3 : 2), on.header === undefined ? 0 : 1);
