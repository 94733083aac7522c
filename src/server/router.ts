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

type Asked = Pick<OssRequest, 'method' | 'target' | 'query' | 'header'>;

export interface Router {
  /**
   * The action of a request.
   * @throws NotImplemented when the request selects something this emulator does not have: it must never be taken for a
   *   plain GET or PUT. MethodNotAllowed when nothing of that method exists there
   */
  readonly route: (req: Asked) => Action;
  /** Whether it is a form: OSS looks for its signature nowhere else, whatever stands there. */
  readonly isForm: (req: Asked) => boolean;
}

/** Makes what picks the action of a request. */
export function routerOf(actions: readonly Action[]): Router {
  const place = ({ method, target }: Pick<Asked, 'method' | 'target'>) => `${method} ${target}`;
  // Those that say more come first.
  const sorted = [...actions].sort((a, b) => weight(b) - weight(a));
  const byPlace = new Map<string, Action[]>();
  for (const action of sorted) byPlace.set(place(action.on), [...(byPlace.get(place(action.on)) ?? []), action]);
  const pick = (req: Asked) => byPlace.get(place(req))?.find(({ on }) => matches(on, req));
  return {
    route(req) {
      const best = pick(req);
      const foreign = foreignTo(best, req);
      if (foreign !== undefined) notImplemented(`${req.method} ?${foreign} on ${shown[req.target].words}`);
      if (best !== undefined) return best;
      // As recorded of a POST on an object; the words for buckets and the service are assumed.
      return fail('MethodNotAllowed', { ec: '0017-00000001', elements: { ResourceType: shown[req.target].type } });
    },
    isForm(req) {
      const best = pick(req);
      return best?.signedInBody === true && foreignTo(best, req) === undefined;
    },
  };
}

/** @returns what a request selects that is none of its action's */
function foreignTo(action: Action | undefined, { query }: Asked): string | undefined {
  for (const name of query.keys()) {
    if (selects.has(name) && !takes(action, name)) return name;
  }
  return undefined;
}

/** Whether a query key is one that an action knows what to do with. */
const takes = (action: Action | undefined, name: string): boolean =>
  [...(action?.on.query ?? []).map(queryName), ...(action?.ignores ?? []), ...(action?.takes ?? [])].includes(name);

function notImplemented(what: string): never {
  return fail('NotImplemented', { elements: { Detail: `${what} is not available in this emulator.` } });
}

const shown: Readonly<Record<OssRequest['target'], { readonly words: string; readonly type: string }>> = {
  service: { words: 'the service', type: 'Service' },
  bucket: { words: 'a bucket', type: 'Bucket' },
  object: { words: 'an object', type: 'Object' },
};

function matches(on: Action['on'], req: Pick<Asked, 'query' | 'header'>): boolean {
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
