import type { Services } from '../../action.ts';
import { type FaultRule, type Nameable, readRule } from '../../faults/rule.ts';
import { loadImmActions } from '../../imm/index.ts';
import { loadActions } from '../../router.ts';
import { type Route, wrong } from '../route.ts';

const MOST_RULES = 1000;

async function nameable({ registry }: Services): Promise<Nameable> {
  const operations = [...(await loadActions()), ...(await loadImmActions())].map(({ name }) => name);
  return {
    operations: new Set(operations),
    actions: registry.describe().map(({ family, name }) => `${family}/${name}`),
  };
}

function rulesFrom(body: unknown, known: Nameable): { readonly rules: readonly FaultRule[]; readonly seed: number } {
  const { rules, seed = 0 } = (body ?? {}) as { readonly rules?: unknown; readonly seed?: unknown };
  if (!Array.isArray(rules) || rules.length > MOST_RULES)
    return wrong(
      `the body must be {"rules": [{"op": "GetObject", "status": 503}, …]} with at most ${MOST_RULES} rules`,
    );
  if (typeof seed !== 'number') return wrong('seed must be a number');
  const read = rules.map((one: unknown, i) => {
    const rule = readRule(one, known);
    return typeof rule === 'string' ? wrong(`rule ${i}: ${rule}`) : rule;
  });
  return { rules: read, seed };
}

function shown({ faults }: Services) {
  const { rules, seed } = faults.list();
  return { status: 200, json: { rules: rules.map(({ rule, ...counts }) => ({ ...rule, ...counts })), seed } };
}

const get: Route = {
  method: 'GET',
  path: 'faults',
  doc: 'The fault rules; of each how many requests and tasks it means (`matched`) and how many it struck (`fired`).',
  run: async (_req, oss) => shown(oss),
};

const put: Route = {
  method: 'PUT',
  path: 'faults',
  doc: 'Replaces the fault rules: `{"rules": [{op?, bucket?, key?, action?, times?, probability?, delayMs?, status?, code?, message?, ec?, truncateAfter?, stallAfter?, reset?, corruptCrc?}], "seed"?}`. The first rule that means a request and strikes is the only one. A rule with an `action` and no `op` strikes tasks as well.',
  async run(req, oss) {
    const { rules, seed } = rulesFrom(await req.json(), await nameable(oss));
    oss.faults.set(rules, seed);
    return shown(oss);
  },
};

const clear: Route = {
  method: 'DELETE',
  path: 'faults',
  doc: 'Removes all fault rules, and lets go of what they hold up.',
  async run(_req, oss) {
    oss.faults.clear();
    return shown(oss);
  },
};

export default [get, put, clear];
