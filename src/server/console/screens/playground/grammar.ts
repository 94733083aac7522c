/**
 * Process strings as the forms see them: a chain of actions. Whatever is typed can be taken apart and put together again
 * without a loss; whether it means something is the server's to say.
 */
import type { Operation, Parameter } from '../../api/types.ts';

/** `w_100`, or a bare value: `90`. */
export interface Token {
  readonly key: string | undefined;
  readonly value: string;
}

export interface Action {
  /** `image`; `style` for a stored one; empty where none is written. */
  readonly family: string;
  readonly name: string;
  readonly tokens: readonly Token[];
  /** A `|` stands before it, not a `/`. */
  readonly begins: boolean;
}

/** An action with the clauses that belong to it: what the strip shows as one stage. */
export interface Stage {
  readonly action: Action;
  readonly clauses: readonly Action[];
}

/** What is written, in two parts: what is done to the object, and what becomes of it (`sys/…`). */
export interface Chain {
  readonly stages: readonly Stage[];
  readonly directives: readonly Action[];
}

export type Operations = readonly Operation[];

export const operationOf = (operations: Operations, { family, name }: Pick<Action, 'family' | 'name'>) =>
  operations.find((one) => one.family === family && one.name === name);

/** Parameters of an action, or of a clause of whatever operation of the family has it. */
function parametersOf(operations: Operations, family: string, name: string): readonly Parameter[] {
  const own = operationOf(operations, { family, name })?.parameters ?? [];
  const ofClauses = operations
    .filter((one) => one.family === family)
    .flatMap((one) => (one.clauses !== undefined && Object.hasOwn(one.clauses, name) ? (one.clauses[name] ?? []) : []));
  return [...own, ...ofClauses];
}

/** Takes a process string apart. */
export function parse(text: string, operations: Operations): Chain {
  const actions = text
    .replace(/[\r\n ]+$/, '')
    .split('|')
    .flatMap((segment) => parseSegment(segment, operations));
  const stages: Stage[] = [];
  const directives: Action[] = [];
  for (const action of actions) {
    const last = stages.at(-1);
    if (action.family === 'sys') directives.push(action);
    else if (last !== undefined && !action.begins && isClause(action, last.action, operations))
      stages[stages.length - 1] = { ...last, clauses: [...last.clauses, action] };
    else stages.push({ action, clauses: [] });
  }
  return { stages, directives };
}

function isClause(action: Action, of: Action, operations: Operations): boolean {
  const clauses = operationOf(operations, of)?.clauses;
  return clauses !== undefined && Object.hasOwn(clauses, action.name) && !operationOf(operations, action);
}

function parseSegment(segment: string, operations: Operations): readonly Action[] {
  if (segment === '') return [];
  const word = /^[^,/]*/.exec(segment)?.[0] ?? '';
  if (segment[word.length] !== '/') return [parseAction('', segment, true)];
  const rest = segment.slice(word.length + 1);
  if (word === 'style') return [{ family: word, name: rest, tokens: [], begins: true }];
  return splitActions(word, rest, operations).map((part, i) => parseAction(word, part, i === 0));
}

/** A `/` inside a Base64 value separates only where an action's name follows. */
function splitActions(family: string, text: string, operations: Operations): readonly string[] {
  const parts: string[] = [];
  for (const piece of text.split('/')) {
    const open = parts.at(-1);
    if (open !== undefined && endsInBase64(family, open, operations) && !startsAction(family, piece, operations))
      parts[parts.length - 1] = `${open}/${piece}`;
    else parts.push(piece);
  }
  return parts.filter((part) => part !== '');
}

function endsInBase64(family: string, action: string, operations: Operations): boolean {
  const [name = '', ...tokens] = action.split(',');
  const last = tokens.at(-1);
  if (last === undefined || last.endsWith('=')) return false;
  const { key } = parseToken(last);
  return parametersOf(operations, family, name).some((one) => one.name === key && one.base64 === true);
}

function startsAction(family: string, piece: string, operations: Operations): boolean {
  const name = piece.split(',', 1)[0] ?? '';
  return operations.some(
    (one) =>
      one.family === family && (one.name === name || (one.clauses !== undefined && Object.hasOwn(one.clauses, name))),
  );
}

function parseAction(family: string, text: string, begins: boolean): Action {
  const [name = '', ...tokens] = text.split(',');
  return { family, name, tokens: tokens.filter((token) => token !== '').map(parseToken), begins };
}

function parseToken(text: string): Token {
  const at = text.indexOf('_');
  return at < 0 ? { key: undefined, value: text } : { key: text.slice(0, at), value: text.slice(at + 1) };
}

const formatToken = ({ key, value }: Token) => (key === undefined ? value : `${key}_${value}`);

/** An action as it stands alone, without its family. */
export const formatAction = ({ name, tokens }: Pick<Action, 'name' | 'tokens'>): string =>
  [name, ...tokens.map(formatToken)].join(',');

/** Puts actions together. */
function formatActions(actions: readonly Action[]): string {
  return actions
    .map((action, i) => {
      const continues = !action.begins && i > 0 && actions[i - 1]?.family === action.family;
      if (continues) return `/${formatAction(action)}`;
      const family = action.family === '' ? '' : `${action.family}/`;
      return `${i === 0 ? '' : '|'}${family}${formatAction(action)}`;
    })
    .join('');
}

/** The text of a chain. @param upTo number of stages that are written; absent: all */
export function format({ stages, directives }: Chain, upTo?: number): string {
  const done = stages.slice(0, upTo).flatMap(({ action, clauses }) => [action, ...clauses]);
  return formatActions([...done, ...directives]);
}

/** What is done to the object, without what becomes of it. */
export const doing = (chain: Chain): Chain => ({ stages: chain.stages, directives: [] });

/** Whether a token is the value of a parameter. A bare value is whatever has no key that the action knows. */
const belongs = (token: Token, parameter: Parameter, parameters: readonly Parameter[]): boolean =>
  parameter.bare === true
    ? token.key === undefined || !parameters.some((one) => one.name === token.key)
    : token.key === parameter.name;

/** What is written for a parameter, the last one where there are several; `undefined` when nothing is. */
export function writtenFor(
  action: Pick<Action, 'tokens'>,
  parameter: Parameter,
  parameters: readonly Parameter[],
): string | undefined {
  const token = action.tokens.findLast((one) => belongs(one, parameter, parameters));
  if (token === undefined) return undefined;
  return parameter.bare === true ? formatToken(token) : token.value;
}

/** Writes a value for a parameter where one stood, or at the end. @param value `undefined` takes it away */
export function withValue<A extends Pick<Action, 'tokens'>>(
  action: A,
  parameter: Parameter,
  parameters: readonly Parameter[],
  value: string | undefined,
): A {
  const fresh: Token = { key: parameter.bare === true ? undefined : parameter.name, value: value ?? '' };
  const at = action.tokens.findIndex((one) => belongs(one, parameter, parameters));
  const others = action.tokens.filter((one) => !belongs(one, parameter, parameters));
  if (value === undefined) return { ...action, tokens: others };
  return { ...action, tokens: others.toSpliced(at < 0 ? others.length : at, 0, fresh) };
}

/** An action as the operation's shortest example has it: what is added is valid at once. */
export function fresh(operation: Operation, operations: Operations): Action {
  const found = operation.examples
    .flatMap(({ process }) => parse(process, operations).stages)
    .map(({ action }) => action)
    .filter(({ family, name }) => family === operation.family && name === operation.name)
    .sort((a, b) => formatAction(a).length - formatAction(b).length)[0];
  return found ?? { family: operation.family, name: operation.name, tokens: [], begins: false };
}

/** Text to URL-safe Base64 without padding. */
export function toBase64(text: string): string {
  const bytes = new TextEncoder().encode(text);
  const latin1 = Array.from(bytes, (byte) => String.fromCharCode(byte)).join('');
  return btoa(latin1).replaceAll('+', '-').replaceAll('/', '_').replace(/=+$/, '');
}

/** The text in Base64 of either alphabet; `undefined` when it is none. */
export function fromBase64(base64: string): string | undefined {
  try {
    const latin1 = atob(base64.replaceAll('-', '+').replaceAll('_', '/').replace(/=+$/, ''));
    return new TextDecoder('utf-8', { fatal: true }).decode(Uint8Array.from(latin1, (c) => c.charCodeAt(0)));
  } catch {
    return undefined;
  }
}
