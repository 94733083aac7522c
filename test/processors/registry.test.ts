/** What every operation owes, because it is an operation; derived from the registry, so a new one is covered at once. */
import { existsSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import type { Param, ParamSpecs } from '../../src/processors/params.ts';
import { loadRegistry } from '../../src/processors/registry.ts';

const registry = await loadRegistry();
const facts = registry.describe();
const available = facts.filter(({ fidelity, family }) => fidelity !== 'refused' && family !== 'sys');

describe('the registry', () => {
  it('has each operation once', () => {
    const names = facts.map(({ family, name }) => `${family}/${name}`);
    expect(new Set(names).size).toBe(names.length);
  });

  it('says of everything approximate or refused why', () => {
    expect(facts.filter(({ fidelity, because }) => fidelity !== 'full' && !because)).toEqual([]);
  });
});

/** Values just outside a field. */
function outside({ field }: Param<unknown>): readonly string[] {
  const { min, max } = field;
  const numbers = [
    ...(min === undefined ? [] : [String(min - 1)]),
    ...(max === undefined || max >= Number.MAX_SAFE_INTEGER ? [] : [String(max + 1)]),
  ];
  if (field.type === 'number') return [...numbers, 'abc', '', '1e2', '+1'];
  if (field.type === 'choice') return ['nonsense', ''];
  return ['', '\u0000'];
}

describe.each(available.map((op) => [`${op.family}/${op.name}`, op] as const))('%s', (_, op) => {
  const operation = registry.operation(op.family, op.name);
  const clauses = Object.values((operation?.clauses ?? {}) as Record<string, ParamSpecs>);
  const params = [operation?.params ?? {}, ...clauses].flatMap((specs) => Object.entries(specs));
  const absent = Object.fromEntries(
    params.map(([name, param]) => [name, param.absent.allowed ? param.absent.value : undefined]),
  );

  /** By its parser or, where the mistake has an EC of its own, by the operation's check. */
  function refuses(name: string, param: Param<unknown>, value: string): boolean {
    try {
      const params = { ...absent, [name]: param.parse(value) };
      return operation?.check?.(params, []) !== undefined;
    } catch {
      return true;
    }
  }

  it('tells what it does, where OSS describes it, and shows an example on a file that is there', () => {
    expect(op.summary).toMatch(/^[A-Z].*\.$/);
    expect(op.docs).toMatch(/^https:\/\//);
    // Some work on what another operation made before, or make something else each time.
    if (operation?.madeFrom === undefined && !operation?.signed) expect(op.examples.length).toBeGreaterThan(0);
    for (const { of } of op.examples)
      expect(existsSync(new URL(`../../fixtures/media/${of}`, import.meta.url)), of).toBe(true);
  });

  if (params.length > 0) {
    it.each(params)('%s refuses what is just outside its field', (name, param) => {
      expect(param.doc).toMatch(/^[A-Z0-9].*\.$/);
      for (const value of outside(param)) expect(refuses(name, param, value), value).toBe(true);
    });
  }
});
