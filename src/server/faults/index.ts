/** Failures on demand: rules from the control API that strike requests and tasks (PUT /_ossite/faults). */
import { createHash } from 'node:crypto';
import { type FaultRule, type FaultTarget, means } from './rule.ts';

/** A rule and what came of it. */
export interface FaultCount {
  readonly rule: FaultRule;
  /** Requests and tasks that it means. */
  readonly matched: number;
  /** Those that it struck. */
  readonly fired: number;
}

/** A rule that strikes. */
export interface Fault {
  /** Its number among the rules, from 0. */
  readonly number: number;
  readonly rule: FaultRule;
  /** Fires when the rules are replaced or the server closes: nothing is held up any longer. */
  readonly over: AbortSignal;
}

export interface Faults {
  /** Replaces all rules. @param seed equal ones make equal choices where there is a probability */
  set(rules: readonly FaultRule[], seed: number): void;
  clear(): void;
  /** The first rule that strikes. */
  hit(target: FaultTarget): Fault | undefined;
  list(): { readonly rules: readonly FaultCount[]; readonly seed: number };
}

interface Counted {
  readonly rule: FaultRule;
  matched: number;
  fired: number;
}

/** Those of one namespace; none at first. */
export function createFaults(): Faults {
  let counted: Counted[] = [];
  let seed = 0;
  let replaced = new AbortController();

  /** From 0 to 1: follows from the seed, the rule and how often it was asked alone, whatever else goes on. */
  const chance = (number: number, { matched }: Counted): number =>
    createHash('sha256').update(`${seed} ${number} ${matched}`).digest().readUInt32BE(0) / 2 ** 32;

  function set(rules: readonly FaultRule[], newSeed: number): void {
    replaced.abort(new Error('the fault is over'));
    replaced = new AbortController();
    counted = rules.map((rule) => ({ rule, matched: 0, fired: 0 }));
    seed = newSeed;
  }

  return {
    set,
    clear: () => set([], 0),
    hit(target) {
      for (const [number, one] of counted.entries()) {
        const { rule } = one;
        if (!means(rule, target)) continue;
        one.matched += 1;
        if (rule.times !== undefined && one.fired >= rule.times) continue;
        if (rule.probability !== undefined && chance(number, one) >= rule.probability) continue;
        one.fired += 1;
        return { number, rule, over: replaced.signal };
      }
      return undefined;
    },
    list: () => ({ rules: counted.map((one) => ({ ...one })), seed }),
  };
}
