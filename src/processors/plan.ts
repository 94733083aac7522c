/**
 * Text to plan: everything that can be wrong with a process string, as text, is found here, before a byte is read.
 * What each finding is called on the wire is `refusals.ts`'s business.
 */

import { fail } from '../store/errors.ts';
import { checkBucketName, checkKey } from '../store/names.ts';
import { bind } from './bind.ts';
import { builtInStyle } from './built-in-styles.ts';
import type { Family, Mode, Operation, Problem } from './operation.ts';
import type { ParamSpecs, Values } from './params.ts';
import { within } from './places.ts';
import { type Action, formatProcess, inStyle, parseProcess, type Segment, tokenFor } from './process-string.ts';
import { type Refusals, refusalsFor } from './refusals.ts';
import type { Registry } from './registry.ts';
import { offeredVariables, parseTemplate, type Template } from './variables.ts';

/** How the process string came in: it decides the mode and how a refusal reads. */
export type Via = 'get' | 'post' | 'async';

export interface Call {
  readonly operation: Operation;
  readonly params: Values<ParamSpecs>;
  readonly clauses: readonly {
    readonly name: string;
    readonly params: Values<ParamSpecs>;
    readonly written: Action;
  }[];
  /** The words that ask for it. */
  readonly written: Action;
}

export interface Step {
  readonly family: Family;
  /** Canonical text of its segment. */
  readonly process: string;
  readonly calls: readonly Call[];
}

/** Where results go. Templates: variables are filled in when there is something to save. */
export interface Destination {
  readonly key: Template;
  /** The source's own bucket when absent. */
  readonly bucket?: Template;
  /** The words that ask for it, where a process string does. */
  readonly written?: Action;
}

export interface Plan {
  /** Canonical text with styles expanded: what a task row keeps. */
  readonly process: string;
  readonly steps: readonly Step[];
  readonly saveas?: Destination;
  readonly notify?: { readonly topic: string };
  /** What was ignored and is worth telling. */
  readonly warnings: readonly string[];
}

export interface Knowledge {
  readonly registry: Registry;
  /** Content of a style of the source's bucket. */
  style(name: string): string | undefined;
  /** Unknown parameters of media and document operations are errors instead of warnings. */
  readonly strict: boolean;
}

/** OSS limits the length of the string but does not publish the number (assumed; image.md §1.2). */
const MAX_LENGTH = 8192;

/**
 * Checks a process string and prepares its run.
 * @throws OssError: what OSS would answer, naming action, parameter and what was expected
 */
export function plan(text: string, via: Via, know: Knowledge): Plan {
  const say = refusalsFor(via);
  checkLength(text);
  const segments = parseProcess(text, know.registry.words).flatMap((segment) =>
    within(segment.at, () => expandStyle(segment, know)),
  );
  const process = formatProcess(segments);
  checkLength(process);
  if (segments.length === 0) say.empty();

  const work = segments.filter((segment) => !isDirective(segment));
  const directives = segments.slice(work.length);
  const misplaced = work.find((segment, i) => segment !== segments[i]);
  if (misplaced !== undefined) within(misplaced.at, () => say.afterDirective(misplaced.category));

  const warnings: string[] = [];
  const reading = { via, know, say, warnings };
  const steps = work.map((segment) => within(segment.at, () => planStep(segment, reading)));
  checkCompany(steps, via, say);
  const { saveas, notify } = planDirectives(directives, steps, reading);
  return {
    process,
    steps,
    ...(saveas === undefined ? {} : { saveas }),
    ...(notify === undefined ? {} : { notify }),
    warnings,
  };
}

/** The text as it came, and as it is with the styles in it. */
function checkLength(text: string): void {
  if (text.length <= MAX_LENGTH) return;
  fail('InvalidArgument', {
    message: `The process string has ${text.length} characters; ${MAX_LENGTH} are allowed.`,
    ec: '0017-00000288',
  });
}

type ActionSegment = Extract<Segment, { kind: 'actions' }>;

/** `style/N` becomes its content (rule U1). Nested styles and several segments are refused when used (rule U3, assumed). */
function expandStyle(segment: Segment, know: Knowledge): readonly ActionSegment[] {
  if (segment.kind === 'actions') return [segment];
  const content = builtInStyle(segment.name) ?? know.style(segment.name);
  if (content === undefined) fail('NoSuchStyle', { elements: { StyleName: segment.name } });
  const [first, ...rest] = parseProcess(content, know.registry.words);
  const wrong = (what: string) =>
    fail('InvalidArgument', { message: `The content of style ${segment.name} can not be used: ${what}.` });
  if (first === undefined) return wrong('it is empty');
  if (first.kind === 'style') return wrong('it names another style');
  if (rest.length > 0) return wrong('it has more than one segment');
  if (isDirective(first)) return wrong('it saves or notifies, which belongs to the request');
  return [inStyle(first, segment.name, segment.at)];
}

/** `sys/…`, and `notify,topic_…` which is allowed without `sys/` (rule N2). */
function isDirective(segment: ActionSegment): boolean {
  return segment.category === 'sys' || (segment.category === '' && segment.actions[0]?.name === 'notify');
}

/** What reading a process string goes along with. */
interface Reading {
  readonly via: Via;
  readonly know: Knowledge;
  readonly say: Refusals;
  readonly warnings: string[];
}

function planStep(segment: ActionSegment, reading: Reading): Step {
  const { category, actions } = segment;
  const { say } = reading;
  const family = reading.know.registry.family(category);
  if (family === undefined) return say.unknownOperation(category === '' ? (actions[0]?.name ?? '') : category);
  if (actions.length === 0) return say.noOperation(category);
  const calls: Call[] = [];
  const add = (action: Action, i: number): void => {
    const absorbed = absorbedBy(actions[i + 1], action, category, reading);
    if (absorbed !== undefined) {
      bindAction(family, absorbed, absorbed.params, action, reading);
      return;
    }
    const last = calls.at(-1);
    const clause = (last?.operation.clauses as Record<string, ParamSpecs> | undefined)?.[action.name];
    if (clause !== undefined && last !== undefined) {
      const params = bindAction(family, last.operation, clause, action, reading);
      calls[calls.length - 1] = { ...last, clauses: [...last.clauses, { name: action.name, params, written: action }] };
    } else {
      const operation = operationFor(family, action, reading);
      const params = bindAction(family, operation, operation.params, action, reading);
      calls.push({ operation, params, clauses: [], written: action });
    }
  };
  for (const [i, action] of actions.entries()) within(action.at, () => add(action, i));
  for (const call of calls) checkCall(family, call, say);
  const inOrder = [...calls.filter((c) => c.operation.first), ...calls.filter((c) => !c.operation.first)];
  return { family, process: formatProcess([segment]), calls: inOrder };
}

/** The operation of an action that the next one makes superfluous; it must be well-formed all the same. */
function absorbedBy(next: Action | undefined, action: Action, category: string, { via, know }: Reading) {
  const names = next && know.registry.operation(category, next.name)?.absorbs;
  return via === 'get' && names?.includes(action.name) ? know.registry.operation(category, action.name) : undefined;
}

/** Image actions ignore unknown keys; those of IMM warn or, when strict, refuse (spec README rule 3). */
function bindAction(family: Family, operation: Operation, specs: ParamSpecs, action: Action, reading: Reading) {
  const { know, warnings } = reading;
  return bind({
    place: `${family.name}/${action.name}`,
    specs,
    action,
    say: voiceOf(family, operation, reading.say),
    tooManyEc: specs === operation.params ? operation.tooManyEc : undefined,
    malformedEc: operation.malformedEc,
    strict: family.imm === true && know.strict,
    warn: (text) => void (family.imm && warnings.push(text)),
  });
}

/** Rules across parameters, once all clauses are there. */
function checkCall(family: Family, { operation, params, clauses, written }: Call, say: Refusals): void {
  // Operations without clauses type theirs as "none"; they get an empty list.
  const problem: Problem | undefined = operation.check?.(params, clauses as readonly never[]);
  if (problem === undefined) return;
  const named = [written, ...clauses.map((clause) => clause.written)].flatMap(
    (action) => tokenFor(action, problem.param) ?? [],
  );
  // What stands once is the one; of several clauses nobody says which.
  within(named.length === 1 ? named[0]?.at : written.at, () =>
    voiceOf(family, operation, say).problem(`${family.name}/${operation.name}`, problem),
  );
}

/** Who answers for the parameters: IMM does for what it runs, whichever way the request came (media.md §6.2). */
const voiceOf = (family: Family, operation: Operation, say: Refusals): Refusals =>
  family.imm && operation.imm !== false ? refusalsFor('async') : say;

/** Is it done by IMM, which wants a bound bucket and a known caller? (media.md §2) */
export const needsImm = ({ steps }: Plan): boolean =>
  steps.some(({ family, calls }) => calls.some(({ operation }) => operation.imm ?? family.imm === true));

/** May anyone run it who may read the object? */
export const forAnonymous = (plan: Plan): boolean =>
  !needsImm(plan) && !plan.steps.some(({ calls }) => calls.some(({ operation }) => operation.signed));

/** Key of the object that is worked on, where that is not the one the request names. */
export function madeFrom({ steps }: Plan): string | undefined {
  const call = steps[0]?.calls[0];
  return call?.operation.madeFrom?.(call.params);
}

function operationFor(family: Family, action: Action, { via, know, say }: Reading): Operation {
  const place = `${family.name}/${action.name}`;
  const operation = know.registry.operation(family.name, action.name);
  if (operation === undefined) {
    const because = family.refused?.[action.name];
    return because === undefined ? say.unknownAction(place) : say.refused(place, because);
  }
  const mode: Mode = via === 'async' ? 'async' : 'sync';
  if (!operation.modes.includes(mode) || (operation.getOnly && via === 'post'))
    return say.wrongMode(place, operation.modes);
  if (operation.saved && via === 'get')
    return say.company(place, 'saves what it makes: send it as a POST with sys/saveas');
  return operation;
}

/** Rules about which actions may stand together: `image/info` alone, one media operation a request (media.md §2). */
function checkCompany(steps: readonly Step[], via: Via, say: Refusals): void {
  const calls = steps.flatMap((step) =>
    step.calls.map((call) => ({ ...call, family: step.family, place: `${step.family.name}/${call.operation.name}` })),
  );
  if (calls.length < 2) return;
  const refuse = ({ place, written }: (typeof calls)[number], rule: string) =>
    within(written.at, () => say.company(place, rule));
  const alone = calls.find((call) => call.operation.alone);
  if (alone !== undefined) refuse(alone, 'must be the only action of the process string');
  const last = calls.find((call, i) => call.operation.last && i < calls.length - 1);
  if (last !== undefined) refuse(last, 'must be the last action of the process string');
  const media = calls.find(({ family }, i) => family.imm || (i > 0 && via === 'async'));
  if (media !== undefined) refuse(media, 'can not be combined with another operation in one request');
}

function planDirectives(
  segments: readonly ActionSegment[],
  steps: readonly Step[],
  { via, know, say, warnings }: Reading,
): { saveas?: Destination; notify?: { topic: string } } {
  const result: { saveas?: Destination; notify?: { topic: string } } = {};
  const read = (action: Action) => {
    const directive = know.registry.directive(action.name) ?? say.unknownAction(`sys/${action.name}`);
    if (via === 'get' || (directive.name === 'notify' && via !== 'async')) say.unknownOperation(directive.name);
    const params = bind({
      place: `sys/${action.name}`,
      specs: directive.params,
      action,
      say,
      firstWins: directive.firstWins,
      strict: know.strict,
      warn: (text) => warnings.push(text),
    }) as Readonly<Record<string, string | undefined>>;
    if (directive.name === 'notify') {
      if (params.topic !== undefined) result.notify = { topic: params.topic };
    } else result.saveas = destination(params, action, steps, say);
  };
  for (const { actions, at } of segments) {
    if (actions.length === 0) within(at, () => say.noOperation('sys'));
    for (const action of actions) within(action.at, () => read(action));
  }
  if (steps.length === 0) say.nothingToDo();
  const informing = steps.flatMap((step) => step.calls).find((call) => call.operation.alone);
  const saving = steps.flatMap((step) => step.calls).find((call) => call.operation.saved);
  if (saving !== undefined && result.saveas === undefined)
    within(saving.written.at, () => say.missing('sys/saveas', 'o', 'what is made must be saved'));
  if (via === 'async' && result.saveas === undefined && informing === undefined)
    say.missing('sys/saveas', 'o', 'it is required in an asynchronous request');
  if (result.saveas !== undefined && informing !== undefined)
    within(informing.written.at, () => say.company(informing.operation.name, 'gives information and can not be saved'));
  return result;
}

function destination(
  params: Readonly<Record<string, string | undefined>>,
  written: Action,
  steps: readonly Step[],
  say: Refusals,
): Destination {
  const declared = steps.at(-1)?.calls.at(-1)?.operation.variables;
  const offered = offeredVariables(declared);
  const read = (name: 'o' | 'b', check: (text: string) => unknown): Template | undefined => {
    const text = params[name];
    if (text === undefined) return undefined;
    const template = parseTemplate(text, offered);
    if (typeof template === 'string') return say.template(name, text, template);
    // A name without variables can be judged now; others when they are filled in.
    if (template.every((part) => 'text' in part))
      check(template.map((part) => ('text' in part ? part.text : '')).join(''));
    return template;
  };
  const key = inTarget(written, 'o', () => read('o', checkKey));
  if (key === undefined) return say.missing('sys/saveas', 'o', 'o is required');
  const bucket = inTarget(written, 'b', () => read('b', checkBucketName));
  return bucket === undefined ? { key, written } : { key, bucket, written };
}

/** Does work on one of the two names in `sys/saveas`. */
export function inTarget<T>(written: Action | undefined, name: 'o' | 'b', work: () => T): T {
  return within(((written && tokenFor(written, name, name === 'o')) ?? written)?.at, work);
}
