/** A rule that makes requests or tasks fail: what it may say, and whom it means. */
import { catalogue } from '../../store/errors.ts';
import { matchesWildcard } from '../wildcard.ts';

/** Whom it means (all of what it says must fit), how often, and what happens. */
export interface FaultRule {
  /** Name of the operation in the OSS API: `GetObject`. */
  readonly op?: string;
  /** `*` stands for any text, in `bucket`, `key` and `action`. */
  readonly bucket?: string;
  readonly key?: string;
  /** An action of the process string, `resize` or `image/resize`. Without `op`, of an asynchronous request the task. */
  readonly action?: string;
  /** How often it fires at most. */
  readonly times?: number;
  /** 0 to 1. */
  readonly probability?: number;
  /** Milliseconds before anything is done. */
  readonly delayMs?: number;
  readonly status?: number;
  readonly code?: string;
  readonly message?: string;
  /** Where the code has others than its usual one: `0003-00000201`. */
  readonly ec?: string;
  /** Bytes of the answer's body that are sent before the connection is cut. */
  readonly truncateAfter?: number;
  /** Bytes of the answer's body that are sent before it goes no further. */
  readonly stallAfter?: number;
  /** Cuts hard: before anything is done, or after `truncateAfter` bytes; with 0 it is done, and the client hears nothing. */
  readonly reset?: boolean;
  /** The answer's `x-oss-hash-crc64ecma` is wrong. */
  readonly corruptCrc?: boolean;
}

type Kind = (value: unknown) => string | undefined;

const words: Kind = (value) => (typeof value === 'string' && value !== '' ? undefined : 'a text');
const yes: Kind = (value) => (typeof value === 'boolean' ? undefined : 'true or false');
const whole =
  (least: number, most: number): Kind =>
  (value) =>
    Number.isInteger(value) && Number(value) >= least && Number(value) <= most
      ? undefined
      : `an integer from ${least} to ${most}`;

const TEN_MINUTES = 600_000;

/** What each member must be. */
const members: Readonly<Record<keyof FaultRule, Kind>> = {
  op: words,
  bucket: words,
  key: words,
  action: words,
  times: whole(1, 1_000_000),
  probability: (value) => (typeof value === 'number' && value >= 0 && value <= 1 ? undefined : 'a number from 0 to 1'),
  delayMs: whole(0, TEN_MINUTES),
  status: whole(300, 599),
  // IMM's code has a space.
  code: (value) =>
    typeof value === 'string' && /^[A-Za-z][A-Za-z0-9 ._]{0,63}$/.test(value)
      ? undefined
      : 'a code such as AccessDenied',
  message: words,
  ec: (value) => (typeof value === 'string' && /^\d{4}-\d{8}$/.test(value) ? undefined : 'an EC such as 0003-00000001'),
  truncateAfter: whole(0, Number.MAX_SAFE_INTEGER),
  stallAfter: whole(0, Number.MAX_SAFE_INTEGER),
  reset: yes,
  corruptCrc: yes,
};

/** What a rule must do at least one of. */
const effects = ['delayMs', 'status', 'code', 'truncateAfter', 'stallAfter', 'reset', 'corruptCrc'] as const;

/** Codes of statuses that a rule may name alone. */
const usualCodes: Readonly<Partial<Record<number, string>>> = { 500: 'InternalError', 503: 'ServiceUnavailable' };

/** What a rule can name: a typing error would make it one that never strikes. */
export interface Nameable {
  readonly operations: ReadonlySet<string>;
  /** `image/resize` */
  readonly actions: readonly string[];
}

/** Reads one rule. @returns what is wrong with it, as a sentence, or the rule */
export function readRule(value: unknown, known: Nameable): FaultRule | string {
  if (typeof value !== 'object' || value === null || Array.isArray(value)) return 'a rule must be an object';
  for (const [name, member] of Object.entries(value)) {
    if (!Object.hasOwn(members, name)) return `there is no ${name}; known are ${Object.keys(members).join(', ')}`;
    const wanted = members[name as keyof FaultRule](member);
    if (wanted !== undefined) return `${name} must be ${wanted}`;
  }
  const rule = value as FaultRule;
  if (!effects.some((name) => rule[name] !== undefined)) return `one of ${effects.join(', ')} must say what happens`;
  const { op, action, status, code, stallAfter, truncateAfter, reset } = rule;
  if (op !== undefined && !known.operations.has(op))
    return `there is no operation ${op}; op is a name such as GetObject, as the journal has it`;
  if (action !== undefined && !known.actions.some((name) => named(action, name)))
    return `there is no action ${action}; action is a name such as resize, image/resize or image/*`;
  if (status !== undefined && code === undefined && usualCodes[status] === undefined)
    return `status ${status} needs a code`;
  // Tasks fail with codes that have no status.
  const forTasks = action !== undefined && op === undefined;
  if (code !== undefined && status === undefined && !forTasks && !Object.hasOwn(catalogue, code))
    return `code ${code} is none that this emulator knows and needs a status`;
  const said = (['message', 'ec'] as const).find((name) => rule[name] !== undefined);
  if (said !== undefined && code === undefined && status === undefined) return `${said} needs a code or a status`;
  if (stallAfter !== undefined && (truncateAfter !== undefined || reset))
    return 'stallAfter excludes truncateAfter and reset';
  return rule;
}

/** What a request, or a task, is about. */
export interface FaultTarget {
  /** Absent for a task. */
  readonly op?: string;
  readonly bucket: string;
  readonly key: string;
  /** `image/resize`, once the process string was understood. */
  readonly actions?: readonly string[];
}

/** Rules with an action wait until the process string was understood; a task is met by those that name no operation. */
export function means(rule: FaultRule, { op, bucket, key, actions }: FaultTarget): boolean {
  const { action } = rule;
  if ((action === undefined) !== (actions === undefined)) return false;
  if (rule.op !== undefined && rule.op !== op) return false;
  // Of an asynchronous request, its task is what an action happens in.
  if (rule.op === undefined && action !== undefined && op === 'AsyncProcessObject') return false;
  // There is no answer that could be cut.
  if (op === undefined && rule.delayMs === undefined && codeOf(rule) === undefined) return false;
  if (!fits(rule.bucket, bucket) || !fits(rule.key, key)) return false;
  return action === undefined || (actions ?? []).some((name) => named(action, name));
}

/** Whether a pattern means an action, by its name with that of its family or without. */
const named = (pattern: string, action: string): boolean => fits(pattern, action) || fits(pattern, afterSlash(action));

const fits = (pattern: string | undefined, text: string): boolean =>
  pattern === undefined || matchesWildcard(text, pattern);

const afterSlash = (name: string): string => name.slice(name.indexOf('/') + 1);

/** The code it answers with; absent when it does not refuse. */
export const codeOf = ({ code, status }: FaultRule): string | undefined =>
  code ?? (status === undefined ? undefined : usualCodes[status]);
