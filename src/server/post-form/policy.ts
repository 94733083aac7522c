/** The policy of a form: what its signer allows to be uploaded with it (rest-core.md §1.4). */
import { fail } from '../../store/errors.ts';
import { base64Bytes, utf8Text } from '../../store/names.ts';
import { jsonFrom } from '../json.ts';

type Condition =
  | { readonly kind: 'eq' | 'starts-with'; readonly field: string; readonly value: string }
  | { readonly kind: 'in' | 'not-in'; readonly field: string; readonly value: readonly string[] };

/** Bytes a file may have, both included. */
export interface SizeRange {
  readonly min: number;
  readonly max: number;
}

export interface Policy {
  readonly expiration: Date;
  readonly conditions: readonly Condition[];
  readonly sizes: readonly SizeRange[];
}

/** The ECs are OSS's, each with a page of its own; the wording behind the colon is mostly assumed. */
function invalid(what: string, ec?: string): never {
  return fail('InvalidPolicyDocument', { message: `Invalid Policy: ${what}`, ...(ec === undefined ? {} : { ec }) });
}

/** Reads a policy as the form has it. @throws InvalidPolicyDocument */
export function readPolicy(base64: string): Policy {
  const bytes = base64Bytes(base64) ?? invalid('Invalid Base64.', '0006-00000202');
  const text = utf8Text(bytes) ?? invalid('Invalid UTF-8.', '0006-00000203');
  // Signers write a dollar that begins no name as `\$`, which JSON does not know.
  const json = jsonFrom(text.replace(/\\(.)/gs, (pair, char: string) => (char === '$' ? '$' : pair)));
  if (json === undefined) invalid('Invalid JSON.', '0006-00000204');
  if (typeof json !== 'object' || json === null || Array.isArray(json)) invalid('Invalid JSON.', '0006-00000201');
  const { expiration, conditions, ...unknown } = json as Readonly<Record<string, unknown>>;
  const [member] = Object.keys(unknown);
  if (member !== undefined) invalid(`Unexpected: '${member}'.`, '0006-00000206');
  if (expiration === undefined && conditions === undefined)
    invalid('Policy missing expiration and conditions.', '0006-00000209');
  if (conditions === undefined) invalid('Policy missing conditions.', '0006-00000207');
  if (expiration === undefined) invalid('Policy missing expiration.', '0006-00000208');
  const until = dateFrom(expiration);
  if (!Array.isArray(conditions)) return invalid('Conditions must be a list.', '0006-00000214');
  if (conditions.length === 0) invalid('Conditions must not be empty.', '0006-00000215');
  const read = conditions.map((one: unknown) => conditionFrom(one));
  return {
    expiration: until,
    conditions: read.filter((one) => 'kind' in one),
    sizes: read.filter((one) => 'min' in one),
  };
}

function dateFrom(expiration: unknown): Date {
  if (typeof expiration !== 'string') return invalid('Invalid expiration: it must be a string.', '0006-00000210');
  if (expiration === '') invalid('Invalid expiration: it is empty.', '0006-00000211');
  const date = new Date(expiration);
  const isIso = /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d+)?Z$/.test(expiration);
  if (!isIso || Number.isNaN(date.getTime())) invalid('Invalid expiration: it must be ISO 8601 GMT.', '0006-00000212');
  return date;
}

const KINDS = ['eq', 'starts-with', 'in', 'not-in'] as const;

/** One entry: an object demands its member, a list is a comparison. */
function conditionFrom(entry: unknown): Condition | SizeRange {
  if (typeof entry !== 'object' || entry === null)
    return invalid('Invalid condition: it must be a map or a list.', '0006-00000222');
  if (!Array.isArray(entry)) return simpleCondition(Object.entries(entry));
  const [word, left, right, ...more] = entry as readonly unknown[];
  const kind = KINDS.find((known) => known === word);
  if (kind === undefined && word !== 'content-length-range')
    return invalid('Invalid condition: it has no matching mode.', '0006-00000216');
  if (more.length > 0 || right === undefined) invalid(`Invalid ${word}: wrong number of arguments.`, '0006-00000218');
  if (kind === undefined) return rangeFrom(left, right);
  const field = fieldFrom(left);
  if (kind === 'eq' || kind === 'starts-with') return { kind, field, value: literal(right) };
  return Array.isArray(right)
    ? { kind, field, value: right.map(literal) }
    : invalid(`Invalid ${kind}: its value must be a list.`, BAD_VALUE);
}

/** A value of another type than its condition takes. */
const BAD_VALUE = '0006-00000224';

function simpleCondition(members: readonly (readonly [string, unknown])[]): Condition {
  const [[name, value] = ['', ''], ...more] = members;
  // The sentence is OSS's.
  if (name === '' || more.length > 0)
    invalid('Invalid Simple-Condition: Simple-Conditions must have exactly one property specified.');
  return { kind: 'eq', field: name.toLowerCase(), value: literal(value) };
}

/** `$key`; the dollar may be missing, as it is on OSS's pages on 0006-00000227 and -224. */
const fieldFrom = (name: unknown): string => literal(name).replace(/^\$/, '').toLowerCase();

const literal = (value: unknown): string =>
  typeof value === 'string' || typeof value === 'number'
    ? String(value)
    : invalid('Invalid condition: a value must be a string.', BAD_VALUE);

function rangeFrom(least: unknown, most: unknown): SizeRange {
  if ([least, most].some((one) => typeof one === 'object'))
    invalid('Invalid content-length-range: its limits must be integers.', '0006-00000223');
  // The EC of the first is assumed: it stands between those of a wrong order and of the second.
  const min = bytes(least, '0006-00000220');
  const max = bytes(most, '0006-00000221');
  if (max < min) invalid('Invalid content-length-range: the second limit is below the first.', '0006-00000219');
  return { min, max };
}

function bytes(value: unknown, ec: string): number {
  const isText = typeof value === 'string' && value !== '';
  const count = typeof value === 'number' || isText ? Number(value) : Number.NaN;
  return Number.isInteger(count) && count >= 0
    ? count
    : invalid('Invalid content-length-range: its limits must be integers.', ec);
}

/**
 * Checks a form's fields, which may have more than the policy names (assumed).
 * @throws AccessDenied
 */
export function checkPolicy(
  { expiration, conditions }: Policy,
  fields: ReadonlyMap<string, string>,
  bucket: string,
  now: Date,
): void {
  if (expiration.getTime() < now.getTime()) denied('Policy expired.', '0006-00000213');
  for (const condition of conditions) {
    const value = condition.field === 'bucket' ? bucket : fields.get(condition.field);
    if (holds(condition, value)) continue;
    const said = [condition.kind, `$${condition.field}`, condition.value].map((part) => JSON.stringify(part));
    denied(`Policy Condition failed: [${said.join(', ')}]`, value === undefined ? '0006-00000226' : '0006-00000227');
  }
}

function holds({ kind, value }: Condition, given: string | undefined): boolean {
  switch (kind) {
    case 'eq':
      return given === value;
    // With an empty prefix anything will do, nothing as well.
    case 'starts-with':
      return (given ?? '').startsWith(value);
    case 'in':
      return given !== undefined && value.includes(given);
    case 'not-in':
      return given === undefined || !value.includes(given);
  }
}

function denied(what: string, ec: string): never {
  return fail('AccessDenied', { message: `Invalid according to Policy: ${what}`, ec });
}
