/** Documentation that is derived from the code is current. */
import { readFileSync } from 'node:fs';
import { expect, it } from 'vitest';
import { derivedFiles, derivedParts, withParts } from '../scripts/write-docs.ts';

const parts = await derivedParts();

it.each(derivedFiles)('%s is current (`npm run docs` writes it)', (name) => {
  const text = readFileSync(new URL(`../${name}`, import.meta.url), 'utf8');
  expect(text).toMatch(/<!-- begin \w+ -->/);
  expect(withParts(text, parts)).toBe(text);
});
