/**
 * Finds families, operations and directives in their folders, so that adding one means adding one file. Everything
 * that lists them (docs, control API, grammar, generic tests) asks here.
 */
import { readdir } from 'node:fs/promises';
import { extname } from 'node:path';
import type { Directive, Family, Operation } from './operation.ts';
import type { ParamSpecs } from './params.ts';
import type { Words } from './process-string.ts';

export interface Registry {
  family(name: string): Family | undefined;
  operation(family: string, name: string): Operation | undefined;
  directive(name: string): Directive | undefined;
  readonly words: Words;
  describe(): readonly OperationFacts[];
}

/** One operation as the control API and the docs show it. */
export interface OperationFacts {
  readonly family: string;
  readonly name: string;
  readonly summary: string;
  readonly fidelity: 'full' | 'approximate' | 'refused';
  /** Why it is approximate or refused. */
  readonly because?: string;
  readonly docs?: string;
  /** What its sources are. */
  readonly takes?: Family['takes'];
  /** Must be the only action of its process string. */
  readonly alone?: true;
  /** Must be the last one. */
  readonly last?: true;
  /** Answers a GET and nothing else. */
  readonly getOnly?: true;
  readonly modes: readonly string[];
  /** Synchronous, but a POST that saves. */
  readonly saved?: true;
  readonly parameters: readonly ParameterFacts[];
  readonly clauses?: Readonly<Record<string, readonly ParameterFacts[]>>;
  readonly variables?: readonly string[];
  readonly examples: readonly { readonly of: string; readonly process: string; readonly shows: string }[];
}

export interface ParameterFacts {
  readonly name: string;
  readonly doc: string;
  readonly type: string;
  readonly expected: string;
  readonly required: boolean;
  readonly default?: unknown;
  readonly min?: number;
  readonly max?: number;
  readonly integer?: true;
  readonly unit?: string;
  readonly choices?: readonly string[];
  readonly bare?: true;
  readonly base64?: true;
}

const here = new URL('./', import.meta.url);
const suffix = extname(import.meta.url);

/** Reads the folders. @throws Error when a file has no default export or its name is not its operation's */
export async function loadRegistry(): Promise<Registry> {
  const families = new Map<string, Family>();
  const operations = new Map<string, Map<string, Operation>>();
  const directives = new Map<string, Directive>();
  for (const folder of await readdir(here, { withFileTypes: true })) {
    if (!folder.isDirectory()) continue;
    const files = await filesOf(folder.name);
    if (folder.name === 'sys') {
      for (const directive of await loadFolder<Directive>('sys')) directives.set(directive.name, directive);
    } else if (files.includes(`family${suffix}`)) {
      families.set(folder.name, await load<Family>(`${folder.name}/family${suffix}`));
      const found = await loadFolder<Operation>(folder.name);
      operations.set(folder.name, new Map(found.map((operation) => [operation.name, operation])));
    }
  }
  return assemble(families, operations, directives);
}

async function loadFolder<T extends { readonly name: string }>(folder: string): Promise<readonly T[]> {
  const files = await filesOf(`${folder}/operations`);
  const wanted = files.filter((file) => file.endsWith(suffix) && !file.endsWith('.d.ts')).sort();
  return Promise.all(
    wanted.map(async (file) => {
      const found = await load<T>(`${folder}/operations/${file}`);
      if (`${found.name}${suffix}` !== file) throw new Error(`${folder}/operations/${file} defines ${found.name}`);
      return found;
    }),
  );
}

const filesOf = (folder: string): Promise<readonly string[]> => readdir(new URL(`${folder}/`, here)).catch(() => []);

async function load<T>(path: string): Promise<T> {
  const module = (await import(new URL(path, here).href)) as { default?: T };
  if (module.default === undefined) throw new Error(`${path} has no default export`);
  return module.default;
}

function assemble(
  families: ReadonlyMap<string, Family>,
  operations: ReadonlyMap<string, ReadonlyMap<string, Operation>>,
  directives: ReadonlyMap<string, Directive>,
): Registry {
  const paramsOf = (category: string, action: string): readonly ParamSpecs[] => {
    if (category === 'sys') return [directives.get(action)?.params ?? {}];
    const own = operations.get(category);
    const clauses = [...(own?.values() ?? [])].map(
      (op) => (op.clauses as Record<string, ParamSpecs> | undefined)?.[action] ?? {},
    );
    return [own?.get(action)?.params ?? {}, ...clauses];
  };
  const clauseNames = (category: string) =>
    [...(operations.get(category)?.values() ?? [])].flatMap((op) => Object.keys(op.clauses ?? {}));
  const words: Words = {
    isAction: (category, word) =>
      category === 'sys'
        ? directives.has(word)
        : operations.get(category)?.has(word) === true ||
          families.get(category)?.refused?.[word] !== undefined ||
          clauseNames(category).includes(word),
    isBase64: (category, action, key) => paramsOf(category, action).some((specs) => specs[key]?.base64 === true),
  };
  return {
    family: (name) => families.get(name),
    operation: (family, name) => operations.get(family)?.get(name),
    directive: (name) => directives.get(name),
    words,
    describe: () => [
      ...[...families.values()].flatMap((family) => [
        ...[...(operations.get(family.name)?.values() ?? [])].map((op) => describeOperation(family, op)),
        ...Object.entries(family.refused ?? {}).map(([name, because]) => describeRefused(family, name, because)),
      ]),
      ...[...directives.values()].map(describeDirective),
    ],
  };
}

function describeOperation(family: Family, op: Operation): OperationFacts {
  const clauses = Object.entries((op.clauses ?? {}) as Record<string, ParamSpecs>);
  return {
    family: family.name,
    name: op.name,
    summary: op.summary,
    fidelity: op.fidelity.level,
    ...(op.fidelity.level === 'approximate' ? { because: op.fidelity.because } : {}),
    docs: op.docs,
    takes: family.takes,
    modes: op.modes,
    ...(op.alone ? { alone: true } : {}),
    ...(op.last ? { last: true } : {}),
    ...(op.getOnly ? { getOnly: true } : {}),
    ...(op.saved ? { saved: true } : {}),
    parameters: describeParams(op.params),
    ...(clauses.length === 0 ? {} : { clauses: Object.fromEntries(clauses.map(([n, p]) => [n, describeParams(p)])) }),
    ...(op.variables === undefined ? {} : { variables: op.variables }),
    examples: op.examples,
  };
}

const describeRefused = (family: Family, name: string, because: string): OperationFacts => ({
  family: family.name,
  name,
  summary: 'Answered with NotImplemented.',
  fidelity: 'refused',
  because,
  modes: [],
  parameters: [],
  examples: [],
});

const describeDirective = (directive: Directive): OperationFacts => ({
  family: 'sys',
  name: directive.name,
  summary: directive.summary,
  fidelity: directive.fidelity.level,
  ...(directive.fidelity.level === 'approximate' ? { because: directive.fidelity.because } : {}),
  docs: directive.docs,
  modes: directive.modes,
  parameters: describeParams(directive.params),
  examples: [],
});

function describeParams(specs: ParamSpecs): readonly ParameterFacts[] {
  return Object.entries(specs).map(([name, param]) => ({
    name,
    doc: param.doc,
    type: param.field.type,
    expected: param.field.hint,
    required: !param.absent.allowed,
    ...(param.absent.allowed && param.absent.value !== undefined ? { default: written(param.absent.value) } : {}),
    ...(param.field.min === undefined ? {} : { min: param.field.min }),
    ...(param.field.max === undefined ? {} : { max: param.field.max }),
    ...(param.field.integer === undefined ? {} : { integer: param.field.integer }),
    ...(param.field.unit === undefined ? {} : { unit: param.field.unit }),
    ...(param.field.choices === undefined ? {} : { choices: param.field.choices }),
    ...(param.bare === undefined ? {} : { bare: param.bare }),
    ...(param.base64 === undefined ? {} : { base64: param.base64 }),
  }));
}

/** A default as a process string has it. */
const written = (value: unknown) => (typeof value === 'boolean' ? Number(value) : value);
