/**
 * How a mistake in a process string is called on the wire. Requests that OSS answers itself get OSS codes; asynchronous
 * ones are answered by IMM, whose refusals all have Code `Imm Client` (documents-styles-tasks.md §3.5, media.md §6).
 * OSS's messages are kept to the letter because clients match them; what was expected goes into a `Detail` element.
 */
import { randomUUID } from 'node:crypto';
import { type ErrorFacts, fail } from '../store/errors.ts';
import type { Mode, Problem } from './operation.ts';
import type { Via } from './plan.ts';

export interface BadValueFacts {
  /** `image/resize` */
  readonly place: string;
  readonly name: string;
  readonly value: string;
  /** Completes "must be …". */
  readonly expected: string;
  readonly ec: string | undefined;
}

export interface Refusals {
  empty(): never;
  nothingToDo(): never;
  /** A word where a category should be: `test`, `saveas,…`. */
  unknownOperation(word: string): never;
  /** A category without an action: `image/`. */
  noOperation(category: string): never;
  unknownAction(place: string): never;
  refused(place: string, because: string): never;
  wrongMode(place: string, modes: readonly Mode[]): never;
  afterDirective(category: string): never;
  company(place: string, rule: string): never;
  missing(place: string, name: string, detail: string, ec?: string): never;
  badValue(facts: BadValueFacts): never;
  notBase64(facts: BadValueFacts): never;
  tooMany(place: string, value: string, ec: string | undefined): never;
  problem(place: string, problem: Problem): never;
  template(name: string, text: string, detail: string): never;
}

const sentence = (facts: BadValueFacts) =>
  `${facts.place}: ${facts.name} must be ${facts.expected}, not ${facts.value || 'empty'}.`;
const withEc = (ec: string | undefined) => (ec === undefined ? {} : { ec });

/** The refusals of one kind of request. */
export function refusalsFor(via: Via): Refusals {
  return via === 'async' ? immRefusals() : ossRefusals(via);
}

const notBase64 = (facts: BadValueFacts): never =>
  fail('BadRequest', {
    message: 'Input is not base64 decoding.',
    ...withEc(facts.ec),
    elements: { ArgumentName: facts.name, ArgumentValue: facts.value, Detail: sentence(facts) },
  });

const empty = (parameter: string): never => fail('InvalidRequest', { message: `no ${parameter} parameter found` });

const refused = (place: string, because: string): never =>
  fail('NotImplemented', { elements: { Detail: `${place} is not available in this emulator: ${because}.` } });

function ossRefusals(via: 'get' | 'post'): Refusals {
  const invalid = (message: string, detail: string, more: ErrorFacts = {}): never =>
    fail('InvalidArgument', { message, ...more, elements: { ...more.elements, Detail: detail } });
  const unsupported = (what: string, detail: string): never => invalid(`operation not support ${via}: ${what}`, detail);
  const badValue = (facts: BadValueFacts): never =>
    invalid(`The value: ${facts.value} of parameter: ${facts.name} is invalid.`, sentence(facts), {
      ...withEc(facts.ec),
      elements: { ArgumentName: facts.name, ArgumentValue: facts.value },
    });
  const missing = (place: string, name: string, detail: string, ec?: string): never =>
    fail('MissingArgument', { ...withEc(ec), elements: { ArgumentName: name, Detail: `${place}: ${detail}.` } });
  return {
    empty: () => empty('x-oss-process'),
    nothingToDo: () =>
      invalid(
        'The process string has nothing to save.',
        'Name what to do before sys/saveas, such as image/resize,w_100.',
      ),
    unknownOperation: (word) => unsupported(word, `${word} is not known here.`),
    noOperation: (category) =>
      invalid(`The operation of ${category} is missing.`, `Name an action after ${category}/.`, {
        ec: '0040-00000212',
      }),
    unknownAction: (place) =>
      invalid(`The operation ${place} does not exist.`, `${place} is not an operation of OSS.`, {
        ec: '0040-00000213',
      }),
    refused,
    wrongMode: (place, modes) =>
      unsupported(
        place,
        `${place} works with ${modes.includes('async') ? 'x-oss-async-process' : 'GET and x-oss-process'} only.`,
      ),
    afterDirective: (category) => invalid('sys/saveas must come last.', `${category} stands after sys/.`),
    company: (place, rule) => invalid(`${place} ${rule}.`, `${place} ${rule}.`),
    missing,
    badValue,
    notBase64,
    tooMany: (place, value, ec) =>
      invalid(
        `The value: ${value} of parameter: ${place.split('/')[1]} is invalid.`,
        `${place} takes one value.`,
        withEc(ec),
      ),
    problem: (place, problem) =>
      problem.kind === 'missing'
        ? missing(place, problem.param, problem.expected, problem.ec)
        : invalid(problem.expected, `${place}: ${problem.expected}`, {
            ...withEc(problem.ec),
            elements: { ArgumentName: problem.param },
          }),
    template: (name, text, detail) =>
      invalid(`The value: ${text} of parameter: ${name} is invalid.`, `sys/saveas: ${detail}.`, {
        elements: { ArgumentName: name, ArgumentValue: text },
      }),
  };
}

/** IMM's form: its code, its text, its own request id (media.md §6.1). Texts other than "is required" are assumed. */
function immRefusals(): Refusals {
  const imm = (status: number, text: string, detail: string): never =>
    fail('Imm Client', { status, message: `${text} ${randomUUID().toUpperCase()}`, elements: { Detail: detail } });
  const invalid = (name: string, detail: string) => imm(400, `InvalidArgument, [${name}]:is invalid.`, detail);
  // IMM knows the target of sys/saveas by its own name.
  const immName = (place: string, name: string) => (place === 'sys/saveas' ? 'TargetURI' : name);
  const missing = (place: string, name: string, detail: string): never =>
    imm(400, `InvalidArgument, [${immName(place, name)}]:is required.`, `${place}: ${detail}.`);
  const noRoute = (detail: string) => imm(404, 'ResourceNotFound, The specified resource Route is not found.', detail);
  return {
    empty: () => empty('x-oss-async-process'),
    nothingToDo: () => noRoute('The process string names no operation.'),
    unknownOperation: (word) => noRoute(`${word} is not known here.`),
    noOperation: (category) => noRoute(`Name an operation after ${category}/.`),
    unknownAction: (place) => noRoute(`${place} is not an operation of OSS.`),
    refused,
    wrongMode: (place) => noRoute(`${place} works with x-oss-process only.`),
    afterDirective: (category) => invalid('Process', `${category} stands after sys/.`),
    company: (place, rule) => invalid('Process', `${place} ${rule}.`),
    missing,
    badValue: (facts) => invalid(facts.name, sentence(facts)),
    notBase64,
    tooMany: (place, value) => invalid(place, `${place} takes one value, not also ${value}.`),
    problem: (place, problem) =>
      problem.kind === 'missing'
        ? missing(place, problem.param, problem.expected)
        : invalid(problem.param, `${place}: ${problem.expected}`),
    template: (name, text, detail) => invalid('TargetURI', `sys/saveas: ${name} is ${text}: ${detail}.`),
  };
}
