/** Tokens of one action to typed values. */
import type { Param, ParamSpecs, Values } from './params.ts';
import { BadValue } from './params.ts';
import { within } from './places.ts';
import type { Action, Token } from './process-string.ts';
import type { Refusals } from './refusals.ts';

interface Binding {
  /** `image/resize`, for messages. */
  readonly place: string;
  readonly specs: ParamSpecs;
  readonly action: Action;
  readonly say: Refusals;
  /** EC for several values where one is allowed. */
  readonly tooManyEc?: string | undefined;
  /** EC of a token that is no `key_value`. */
  readonly malformedEc?: string | undefined;
  /** Keys of which the first mention counts; of all others the last does (spec README rule 1). */
  readonly firstWins?: readonly string[] | undefined;
  /** Unknown keys are refused. */
  readonly strict: boolean;
  warn(text: string): void;
}

/** Gives every parameter of `specs` its value. @throws OssError for the first that is bad or missing */
export function bind(binding: Binding): Values<ParamSpecs> {
  const { specs, say, place } = binding;
  const raw = collect(binding);
  return Object.fromEntries(
    Object.entries(specs).map(([name, param]) => {
      const given = raw.get(name);
      if (given === undefined) {
        if (param.absent.allowed) return [name, param.absent.value];
        return say.missing(
          place,
          reported(binding.action.name, name, param),
          `${name} is required: ${param.field.hint}`,
          param.missingEc,
        );
      }
      return [name, within(given.token.at, () => parse(binding, name, param, given.text))];
    }),
  );
}

/** The name OSS would report: its own if it has one, the action's for a bare value. */
const reported = (action: string, name: string, param: Param<unknown>) =>
  param.reportedAs ?? (param.bare ? action : name);

function parse(binding: Binding, name: string, param: Param<unknown>, text: string): unknown {
  try {
    return param.parse(text);
  } catch (error) {
    if (!(error instanceof BadValue)) throw error;
    // A bare action that is given `key_value` reports what stands before the `_` (image.md §1.4).
    const value = param.bare ? (text.split('_', 1)[0] ?? text) : text;
    const facts = {
      place: binding.place,
      name: reported(binding.action.name, name, param),
      value,
      expected: error.message,
      ec: param.ec,
    };
    return error.notBase64 ? binding.say.notBase64(facts) : binding.say.badValue(facts);
  }
}

/** What a parameter is given, and the token that begins it. */
interface Given {
  readonly text: string;
  readonly token: Token;
}

function collect(binding: Binding): ReadonlyMap<string, Given> {
  const { specs, action, say, place } = binding;
  const raw = new Map<string, Given>();
  const bareName = Object.keys(specs).find((name) => specs[name]?.bare);
  let open: string | undefined;
  let bareValues = 0;
  for (const token of action.tokens) {
    const { text, key, value, at } = token;
    const keyed = keyedParam(specs, key ?? text);
    if (keyed !== undefined) {
      open = keyed;
      if (!(raw.has(keyed) && binding.firstWins?.includes(keyed)))
        raw.set(keyed, { text: key === undefined ? '' : value, token });
    } else if (open !== undefined && specs[open]?.continues?.test(text)) {
      const before = raw.get(open);
      raw.set(open, { token, ...before, text: `${before?.text},${text}` });
    } else if (bareName !== undefined) {
      bareValues += 1;
      if (bareValues > 1) within(at, () => say.tooMany(place, text, binding.tooManyEc));
      raw.set(bareName, { text, token });
    } else if (binding.strict || (key === undefined && binding.malformedEc !== undefined)) {
      within(at, () =>
        say.badValue({
          place,
          name: key ?? text,
          value,
          expected: `a parameter of ${place}: ${Object.keys(specs).join(', ')}`,
          ec: key === undefined ? binding.malformedEc : undefined,
        }),
      );
    } else binding.warn(`${place} has no parameter ${key ?? text}; it was ignored`);
  }
  return raw;
}

/** A key that stands for a parameter; bare parameters have none. */
function keyedParam(specs: ParamSpecs, key: string): string | undefined {
  return Object.hasOwn(specs, key) && !specs[key]?.bare ? key : undefined;
}
