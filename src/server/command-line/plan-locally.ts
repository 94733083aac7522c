/** How a process string is run on a file: the way a request for it would have to be sent. */
import { existsSync, statSync } from 'node:fs';
import { dirname } from 'node:path';
import type { Operation } from '../../processors/operation.ts';
import { type Plan, plan } from '../../processors/plan.ts';
import { parseProcess } from '../../processors/process-string.ts';
import type { Registry } from '../../processors/registry.ts';
import { offeredVariables, parseTemplate, type Template } from '../../processors/variables.ts';
import type { Settings } from '../config.ts';
import { CommandFailed } from './failure.ts';

/** Where results go. */
export interface Target {
  readonly base: string;
  /** Names in it; absent: the usual ones. */
  readonly names: string | undefined;
}

/** Reads `-o`: a directory, a file, or a template such as `pages/{index}.png`. */
export function targetOf(out: string): Target {
  if (out.endsWith('/') || (existsSync(out) && statSync(out).isDirectory())) return { base: out, names: undefined };
  const [literal = ''] = out.split('{', 1);
  const base = dirname(`${literal}x`);
  const names = literal.includes('/') ? out.slice(literal.lastIndexOf('/') + 1) : out;
  return { base, names };
}

export interface LocalPlan {
  readonly plan: Plan;
  /** Names of what is made. */
  readonly names: Template | undefined;
}

/**
 * Plans a process string; no target means that the result itself is wanted.
 * @throws OssError as a server would answer, CommandFailed for what makes sense on a server only
 */
export function planLocally(
  text: string,
  target: Target | undefined,
  registry: Registry,
  settings: Settings,
): LocalPlan {
  const operations = operationsIn(text, registry);
  const alone = operations.some((operation) => operation.alone);
  const last = operations.at(-1);
  const usual = last?.variables?.includes('index') ? '{barename}-{index}.{autoext}' : '{barename}.{autoext}';
  const names = target === undefined ? undefined : (target.names ?? usual);
  const know = { registry, style: () => undefined, strict: settings['strict-params'] };
  if (operations.every(({ modes }) => modes.includes('sync')) || alone) {
    const via = operations.every(({ modes }) => modes.includes('sync')) ? 'get' : 'async';
    return { plan: plan(text, via, know), names: names === undefined ? undefined : templateOf(names, last) };
  }
  if (names === undefined)
    throw new CommandFailed('-o is needed: a file, a directory, or a template such as out/{index}.{autoext}', 2);
  const made = plan(`${text}|sys/saveas,o_${Buffer.from(names).toString('base64url')}`, 'async', know);
  return { plan: made, names: made.saveas?.key };
}

function operationsIn(text: string, registry: Registry): readonly Operation[] {
  const segments = parseProcess(text, registry.words);
  const operations = segments.flatMap((segment) => {
    if (segment.kind === 'style') return [];
    if (segment.category === 'sys')
      throw new CommandFailed('where the result goes is said with -o: leave sys/… out', 2);
    return segment.actions.flatMap((action) => {
      const operation = registry.operation(segment.category, action.name);
      if (operation?.saved || operation?.madeFrom || operation?.signed)
        throw new CommandFailed(
          `${segment.category}/${action.name} needs a server, which makes segments as they are asked for`,
        );
      return operation ?? [];
    });
  });
  return operations;
}

function templateOf(names: string, operation: Operation | undefined): Template {
  const template = parseTemplate(names, offeredVariables(operation?.variables));
  if (typeof template === 'string') throw new CommandFailed(`-o: ${template}`, 2);
  return template;
}
