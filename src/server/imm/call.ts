/** One call of IMM's RPC API, and how it is refused (documents-styles-tasks.md §6.2). */
import type { Services } from '../action.ts';

export interface ImmCall {
  /** By name, from query and form. */
  readonly params: ReadonlyMap<string, string>;
}

export interface ImmAction {
  /** Its name in the IMM API. */
  readonly name: string;
  readonly docs: string;
  /** @returns the answer's members beside RequestId. @throws ImmError */
  run(call: ImmCall, oss: Services): Readonly<Record<string, unknown>>;
}

/** What a call is refused with. */
export class ImmError extends Error {
  override readonly name = 'ImmError';
  readonly status: number;
  readonly code: string;
  constructor(status: number, code: string, message: string) {
    super(message);
    this.status = status;
    this.code = code;
  }
}

/** A parameter that must be there. @throws ImmError Missing<Param> */
export function required({ params }: ImmCall, name: string): string {
  const value = params.get(name) ?? '';
  if (value === '') throw new ImmError(400, `Missing${name}`, `${name} is mandatory for this action.`);
  return value;
}

/** The wording is assumed; the form is that of IMM's refusals elsewhere. */
export function invalid(name: string, expected: string): never {
  throw new ImmError(400, 'InvalidArgument', `[${name}]:is invalid. It must be ${expected}.`);
}

/** One of a few words, in any case. @throws ImmError InvalidArgument */
export function wordFrom<const C extends readonly string[]>(
  { params }: ImmCall,
  name: string,
  words: C,
): C[number] | undefined {
  const text = params.get(name) ?? '';
  if (text === '') return undefined;
  const found = words.find((word) => word.toLowerCase() === text.toLowerCase());
  return found ?? invalid(name, `one of ${words.join(', ')}`);
}

/** @throws ImmError InvalidArgument */
export const flagFrom = (call: ImmCall, name: string): boolean => wordFrom(call, name, ['true', 'false']) === 'true';

/**
 * The project of a call. Any name is taken for the one that all buckets are bound to, as the client's configuration
 * has the name of its real project.
 * @throws ImmError MissingProjectName; ResourceNotFound where no bucket is bound to a project
 */
export function projectOf(call: ImmCall, { settings }: Pick<Services, 'settings'>): string {
  const name = required(call, 'ProjectName');
  if (settings.imm === 'unbound') notFound('Project');
  return name;
}

/** @throws ImmError ResourceNotFound */
export function notFound(what: string): never {
  throw new ImmError(404, 'ResourceNotFound', `The specified resource ${what} is not found.`);
}
