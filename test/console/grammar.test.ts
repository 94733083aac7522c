/** The playground's own reading of process strings agrees with the server's, which plans them. */
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { parseProcess } from '../../src/processors/process-string.ts';
import { loadRegistry } from '../../src/processors/registry.ts';
import {
  format,
  fresh,
  fromBase64,
  type Operations,
  parse,
  toBase64,
  withValue,
  writtenFor,
} from '../../src/server/console/screens/playground/grammar.ts';

const registry = await loadRegistry();
const operations = JSON.parse(JSON.stringify(registry.describe())) as Operations;

const examples = operations.flatMap(({ examples: some }) => some.map(({ process }) => process));

/** Actions as both sides see them. */
const ours = (text: string) => {
  const { stages, directives } = parse(text, operations);
  const all = [...stages.flatMap(({ action, clauses }) => [action, ...clauses]), ...directives];
  return all.map(({ family, name, tokens }) => [
    family,
    name,
    family === 'style' ? [] : tokens.map(({ key, value }) => (key === undefined ? value : `${key}_${value}`)),
  ]);
};
const theirs = (text: string) =>
  parseProcess(text, registry.words).flatMap((segment) =>
    segment.kind === 'style'
      ? [['style', segment.name, []]]
      : segment.actions.map(({ name, tokens }) => [segment.category, name, tokens.map((token) => token.text)]),
  );

describe('process strings in the playground', () => {
  it.each(examples)('%s is read as the server reads it, and written as it was', (text) => {
    expect(ours(text)).toEqual(theirs(text));
    expect(format(parse(text, operations))).toBe(text);
  });

  it('and so is what is put together at random, slashes in Base64 included', () => {
    const word = fc.constantFrom('resize', 'rotate', 'watermark', 'concat', 'pre', 'sur', 'nothing', '');
    const token = fc.constantFrom(
      'w_100',
      '90',
      'text_ab/cd',
      'text_ab/resize',
      'text_YQ==',
      'o_a/b/c',
      'x_',
      '_',
      'abc',
    );
    const action = fc
      .tuple(word, fc.array(token, { maxLength: 3 }))
      .map(([name, tokens]) => [name, ...tokens].join(','));
    const segment = fc
      .tuple(fc.constantFrom('image', 'video', 'sys', 'nowhere'), fc.array(action, { minLength: 1, maxLength: 4 }))
      .map(([family, actions]) => `${family}/${actions.join('/')}`);
    fc.assert(
      fc.property(fc.array(segment, { minLength: 1, maxLength: 3 }), (segments) => {
        // The strip puts what becomes of the result last.
        const sorted = [...segments].sort((a, b) => Number(a.startsWith('sys/')) - Number(b.startsWith('sys/')));
        const text = sorted.join('|');
        const sized = (list: readonly unknown[]) => list.filter((one) => (one as readonly unknown[])[1] !== '');
        expect(sized(ours(text))).toEqual(sized(theirs(text)));
      }),
      { numRuns: 2000 },
    );
  });

  it('what a form changes changes nothing else', () => {
    for (const operation of operations) {
      const action = fresh(operation, operations);
      for (const parameter of operation.parameters) {
        const changed = withValue(action, parameter, operation.parameters, '7');
        expect(writtenFor(changed, parameter, operation.parameters)).toBe('7');
        for (const other of operation.parameters)
          if (other !== parameter)
            expect(writtenFor(changed, other, operation.parameters)).toBe(
              writtenFor(action, other, operation.parameters),
            );
        expect(
          writtenFor(withValue(changed, parameter, operation.parameters, undefined), parameter, operation.parameters),
        ).toBeUndefined();
      }
    }
  });

  it('what is added is what the server takes at once', () => {
    const added = operations.filter(({ examples: some }) => some.length > 0).map((one) => fresh(one, operations));
    expect(added.length).toBeGreaterThan(30);
    for (const { family, name, tokens } of added) {
      const needed = operations.find((one) => one.family === family && one.name === name)?.parameters ?? [];
      for (const parameter of needed.filter(({ required }) => required))
        expect(writtenFor({ tokens }, parameter, needed), `${family}/${name} ${parameter.name}`).toBeDefined();
    }
  });

  it('Base64 is of either alphabet, and URL-safe when it is written', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'grapheme' }), (text) => {
        expect(fromBase64(toBase64(text))).toBe(text);
        expect(toBase64(text)).toBe(Buffer.from(text).toString('base64url'));
        expect(fromBase64(Buffer.from(text).toString('base64'))).toBe(text);
      }),
    );
    expect(fromBase64('a')).toBeUndefined();
    expect(fromBase64('_w')).toBeUndefined();
  });
});
