/** The fault rules of the server, and how they are changed: those that the console did not make stay, and stay in their order. */
import { control, read } from '../../../api/control.ts';
import type { Fault } from '../../../api/types.ts';

export interface FaultList {
  readonly rules: readonly Fault[];
  readonly seed: number;
}

export const readFaults = (signal?: AbortSignal): Promise<FaultList> => read<FaultList>('faults', undefined, signal);

/** Without what the server counts. */
export const bare = ({ matched: _, fired: __, ...rule }: Fault): Fault => rule;

const asText = (rule: Fault): string => JSON.stringify(Object.entries(bare(rule)).sort());

/** Whether they say the same. */
export const isSame = (a: Fault, b: Fault): boolean => asText(a) === asText(b);

/** Changes the list as it is now, which need not be as it was shown. @throws Refused */
export async function edit(change: (rules: readonly Fault[]) => readonly Fault[]): Promise<FaultList> {
  const { rules, seed } = await readFaults();
  return replace(change(rules.map(bare)), seed);
}

/** @throws Refused */
export const replace = (rules: readonly Fault[], seed: number): Promise<FaultList> =>
  control<FaultList>('PUT', 'faults', { body: { rules, seed } });

/** Where a rule is: at its number, unless others came or went; -1 when it is gone. */
function placeOf(rules: readonly Fault[], rule: Fault, number: number): number {
  const there = rules[number];
  return there !== undefined && isSame(there, rule) ? number : rules.findIndex((one) => isSame(one, rule));
}

export const remove = (rule: Fault, number: number): Promise<FaultList> =>
  edit((rules) => {
    const at = placeOf(rules, rule, number);
    return at < 0 ? rules : rules.toSpliced(at, 1);
  });

export const add = (rule: Fault): Promise<FaultList> => edit((rules) => [...rules, rule]);

/** Puts another in its place; one that is gone meanwhile is there again. */
export const change = (rule: Fault, number: number, next: Fault): Promise<FaultList> =>
  edit((rules) => {
    const at = placeOf(rules, rule, number);
    return at < 0 ? [...rules, next] : rules.with(at, next);
  });
