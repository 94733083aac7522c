/** Bucket policies: JSON documents of statements (rest-core.md §1.7). */
import { fail } from '../../store/errors.ts';

/** Operator, then key, then the values it is compared with. */
export type Conditions = Readonly<Record<string, Readonly<Record<string, readonly string[]>>>>;

export interface Statement {
  readonly effect: 'Allow' | 'Deny';
  readonly principals: readonly string[];
  readonly actions: readonly string[];
  /** The statement is about all actions but these. */
  readonly exceptActions: boolean;
  readonly resources: readonly string[];
  readonly exceptResources: boolean;
  readonly conditions: Conditions;
}

/** 16 KB (rest-core.md §1.7). */
export const MAX_POLICY = 16 * 1024;

/** The wording behind `Invalid Policy:` is assumed. */
const invalid = (what: string): never => fail('InvalidPolicyDocument', { message: `Invalid Policy: ${what}` });

/** Reads a document. @throws InvalidPolicyDocument */
export function readPolicy(text: string): readonly Statement[] {
  const document = objectOf(parsed(text), 'the document');
  if (document.Version !== '1') invalid('Version must be "1".');
  const { Statement: statements } = document;
  if (!Array.isArray(statements) || statements.length === 0)
    return invalid('Statement must be a list that holds some.');
  return statements.map((statement) => readStatement(objectOf(statement, 'a statement')));
}

function parsed(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return invalid('the document is no JSON.');
  }
}

function objectOf(value: unknown, what: string): Readonly<Record<string, unknown>> {
  if (typeof value !== 'object' || value === null || Array.isArray(value)) return invalid(`${what} must be an object.`);
  return value as Readonly<Record<string, unknown>>;
}

function readStatement(statement: Readonly<Record<string, unknown>>): Statement {
  const { Effect: effect } = statement;
  if (effect !== 'Allow' && effect !== 'Deny') return invalid('Effect must be Allow or Deny.');
  const exceptActions = statement.NotAction !== undefined;
  const exceptResources = statement.NotResource !== undefined;
  return {
    effect,
    principals: principalsOf(statement.Principal),
    actions: textsOf(exceptActions ? statement.NotAction : statement.Action, 'Action'),
    exceptActions,
    resources: textsOf(exceptResources ? statement.NotResource : statement.Resource, 'Resource'),
    exceptResources,
    conditions: conditionsOf(statement.Condition),
  };
}

/** `["*"]`, or as RAM writes them: `{"RAM": […]}`. Nobody named is everybody: the SDKs' tests find such policies public. */
function principalsOf(value: unknown): readonly string[] {
  if (value === undefined) return ['*'];
  const named = typeof value === 'object' && value !== null && !Array.isArray(value);
  return named
    ? Object.values(value as Readonly<Record<string, unknown>>).flatMap((list) => textsOf(list, 'Principal'))
    : textsOf(value, 'Principal');
}

function textsOf(value: unknown, what: string): readonly string[] {
  const list: readonly unknown[] = Array.isArray(value) ? value : [value];
  const texts = list.filter((one): one is string => typeof one === 'string' && one !== '');
  return texts.length === 0 || texts.length < list.length
    ? invalid(`${what} must be a text, or a list of them.`)
    : texts;
}

function conditionsOf(value: unknown): Conditions {
  if (value === undefined) return {};
  return Object.fromEntries(
    Object.entries(objectOf(value, 'Condition')).map(([operator, keys]) => [
      operator,
      Object.fromEntries(
        Object.entries(objectOf(keys, operator)).map(([key, wanted]) => [
          key,
          textsOf(Array.isArray(wanted) ? wanted.map(plain) : plain(wanted), key),
        ]),
      ),
    ]),
  );
}

const plain = (value: unknown): unknown =>
  typeof value === 'boolean' || typeof value === 'number' ? String(value) : value;
