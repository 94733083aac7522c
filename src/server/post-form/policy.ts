/** The policy of a form: what its signer allows to be uploaded with it (rest-core.md §1.4). */
import { fail } from '../../store/errors.ts';
import { base64Text } from '../../store/names.ts';
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

/** The wording behind the colon is assumed; the ECs are OSS's. */
function invalid(what: string, ec?: string): never {
  return fail('InvalidPolicyDocument', { message: `Invalid Policy: ${what}`, ...(ec === undefined ? {} : { ec }) });
}

/** Reads a policy as the form has it. @throws InvalidPolicyDocument */
export function readPolicy(base64: string): Policy {
  const text = base64Text(base64) ?? invalid('Invalid Base64.', '0006-00000201');
  // Signers write a dollar that begins no name as `\$`, which JSON does not know.
  const json = jsonFrom(text.replace(/\\(.)/gs, (pair, char: string) => (char === '$' ? '$' : pair)));
  if (typeof json !== 'object' || json === null || Array.isArray(json)) invalid('Invalid JSON.', '0006-00000201');
  const { expiration, conditions, ...unknown } = json as Readonly<Record<string, unknown>>;
  const [member] = Object.keys(unknown);
  if (member !== undefined) invalid(`Unexpected: '${member}'.`, '0006-00000206');
  if (expiration === undefined && conditions === undefined)
    invalid('Policy missing expiration and conditions.', '0006-00000209');
  if (conditions === undefined) invalid('Policy missing conditions.', '0006-00000207');
  if (expiration === undefined) invalid('Policy missing expiration.', '0006-00000208');
  if (typeof expiration !== 'string' || !/^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d+)?Z$/.test(expiration))
    invalid('Invalid expiration.');
  const date = new Date(expiration as string);
  if (Number.isNaN(date.getTime())) invalid('Invalid expiration.');
  if (!Array.isArray(conditions)) return invalid('Conditions must be a list.');
  const read = conditions.flatMap((one: unknown) => conditionsFrom(one));
  return {
    expiration: date,
    conditions: read.filter((one) => 'kind' in one),
    sizes: read.filter((one) => 'min' in one),
  };
}

const badCondition = (): never => invalid('Invalid condition.');

/** One entry: an object demands each of its members, a list is a comparison. */
function conditionsFrom(entry: unknown): readonly (Condition | SizeRange)[] {
  if (typeof entry !== 'object' || entry === null) return badCondition();
  if (!Array.isArray(entry)) {
    return Object.entries(entry).map(([name, value]) => ({
      kind: 'eq',
      field: name.toLowerCase(),
      value: literal(value),
    }));
  }
  const [kind, left, right, ...more] = entry as readonly unknown[];
  if (more.length > 0 || right === undefined) return badCondition();
  if (kind === 'content-length-range') return [{ min: bytes(left), max: bytes(right) }];
  if (typeof left !== 'string' || !left.startsWith('$')) return badCondition();
  const field = left.slice(1).toLowerCase();
  if (kind === 'eq' || kind === 'starts-with') return [{ kind, field, value: literal(right) }];
  if (kind !== 'in' && kind !== 'not-in') return badCondition();
  return Array.isArray(right) ? [{ kind, field, value: right.map(literal) }] : badCondition();
}

const literal = (value: unknown): string =>
  typeof value === 'string' || typeof value === 'number' ? String(value) : badCondition();

function bytes(value: unknown): number {
  const count = Number(literal(value));
  return Number.isInteger(count) && count >= 0 ? count : badCondition();
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
  if (expiration.getTime() < now.getTime()) denied('Policy expired.');
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

function denied(what: string, ec: string | null = null): never {
  return fail('AccessDenied', { message: `Invalid according to Policy: ${what}`, ec });
}
