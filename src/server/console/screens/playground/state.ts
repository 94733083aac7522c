/** What the playground is about: an object and a process string, both kept in the address. */
import { computed, signal } from '@preact/signals';
import { read } from '../../api/control.ts';
import type { Operation, Variable } from '../../api/types.ts';
import { place, stay } from '../../app/route.ts';
import { type Action, type Chain, format, operationOf, parse, type Stage } from './grammar.ts';

/** The registry: what the forms are made of. */
export const operations = signal<readonly Operation[]>([]);
export const variables = signal<readonly Variable[]>([]);

/** Asks for the registry, once. @throws Refused */
export async function loadOperations(): Promise<void> {
  if (operations.value.length > 0) return;
  const answer = await read<{ readonly operations: readonly Operation[]; readonly variables: readonly Variable[] }>(
    'operations',
  );
  variables.value = answer.variables;
  operations.value = answer.operations;
}

export const bucket = computed(() => place.value.params.bucket ?? '');
export const key = computed(() => place.value.params.key ?? '');
export const process = computed(() => place.value.params.process ?? '');
export const chain = computed((): Chain => parse(process.value, operations.value));

/** How the string has to be asked: some operations are tasks. */
export const isAsync = computed(() =>
  chain.value.stages.some(({ action }) => {
    const modes = operationOf(operations.value, action)?.modes ?? [];
    return modes.length > 0 && !modes.includes('sync');
  }),
);

/** Another process string. */
export const write = (text: string): void => stay({ process: text });

/** Another object. */
export const choose = (to: { readonly bucket: string; readonly key: string }): void => stay(to, { step: true });

const rewrite = (next: Chain) => write(format(next));

/** Changes the stages as a list. */
export function change(edit: (stages: readonly Stage[]) => readonly Stage[]): void {
  rewrite({ ...chain.value, stages: settled(edit(chain.value.stages)) });
}

/** The first of all begins the string, whatever it was before. */
const settled = (stages: readonly Stage[]): readonly Stage[] =>
  stages.map((stage, i) => {
    const before = stages[i - 1]?.action.family;
    const begins = i === 0 || before !== stage.action.family || stage.action.begins;
    return { ...stage, action: { ...stage.action, begins } };
  });

/** Replaces what becomes of the result; `undefined` takes it away. */
export function direct(name: string, directive: Action | undefined): void {
  const { stages, directives } = chain.value;
  const at = directives.findIndex((one) => one.name === name);
  const others = directives.filter((one) => one.name !== name);
  const next = directive === undefined ? others : others.toSpliced(at < 0 ? others.length : at, 0, directive);
  rewrite({ stages, directives: next.map((one, i) => ({ ...one, begins: i === 0 })) });
}
