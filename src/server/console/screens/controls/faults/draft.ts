/** A rule as it is written in a form: texts, until it is sent. */
import type { Fault } from '../../../api/types.ts';

export type Member = Exclude<keyof Fault, 'matched' | 'fired'>;

/** How each member is entered. */
export const kinds = {
  op: 'text',
  bucket: 'text',
  key: 'text',
  action: 'text',
  times: 'number',
  probability: 'percent',
  delayMs: 'number',
  status: 'number',
  code: 'text',
  message: 'text',
  ec: 'text',
  truncateAfter: 'number',
  stallAfter: 'number',
  reset: 'check',
  corruptCrc: 'check',
} as const satisfies Record<Member, 'text' | 'number' | 'percent' | 'check'>;

export const scope = ['op', 'bucket', 'key', 'action'] as const;
export const limits = ['times', 'probability'] as const;
export const effects = [
  ...['delayMs', 'status', 'code', 'message', 'ec', 'truncateAfter', 'stallAfter'],
  ...['reset', 'corruptCrc'],
] as readonly Exclude<Member, (typeof scope)[number] | (typeof limits)[number]>[];

/** Checks are `on`; what is empty is not said. */
export type Draft = Readonly<Partial<Record<Member, string>>>;

const members = Object.keys(kinds) as Member[];

export const draftOf = (rule: Fault): Draft =>
  Object.fromEntries(
    members.flatMap((name) => {
      const value = rule[name];
      if (value === undefined || value === false) return [];
      if (kinds[name] === 'percent') return [[name, String(Math.round(Number(value) * 1000) / 10)]];
      return [[name, kinds[name] === 'check' ? 'on' : String(value)]];
    }),
  );

/** Whether it can stand at all is the server's to say. */
export const ruleOf = (draft: Draft): Fault =>
  Object.fromEntries(
    members.flatMap((name): [string, string | number | boolean][] => {
      const text = draft[name]?.trim() ?? '';
      if (text === '') return [];
      if (kinds[name] === 'check') return [[name, true]];
      if (kinds[name] === 'text') return [[name, text]];
      return [[name, kinds[name] === 'percent' ? Number(text) / 100 : Number(text)]];
    }),
  );

/** Whether they do the same, to whomever and however often. */
export const doSame = (a: Fault, b: Fault): boolean => effects.every((name) => a[name] === b[name]);
