/** Putting configurations of buckets, and reading answers in XML. */
import { SaxesParser } from 'saxes';
import { expect } from 'vitest';
import type { Answer, frontDoor } from './ossite.ts';
import { pathOf } from './ossite.ts';

type Door = Pick<ReturnType<typeof frontDoor>, 'request'>;

/** PUTs a configuration that must be accepted. */
export async function configure(
  door: Door,
  bucket: string,
  query: string,
  body: string,
  headers: Readonly<Record<string, string>> = {},
): Promise<void> {
  const answer = await door.request('put', `${pathOf(bucket)}?${query}`, { body, headers });
  expect(answer.text).toBe('');
  expect(answer.status).toBe(200);
}

/** Texts of all elements of a name, in order. */
export function elements({ text }: Pick<Answer, 'text'>, name: string): readonly string[] {
  const found: string[] = [];
  const parser = new SaxesParser();
  let inside = false;
  parser.on('error', (error) => {
    throw new Error(`${error.message} in ${text}`);
  });
  parser.on('opentag', (tag) => {
    inside = tag.name === name;
    if (inside) found.push('');
  });
  parser.on('text', (piece) => {
    if (inside) found.push((found.pop() ?? '') + piece);
  });
  parser.on('closetag', () => {
    inside = false;
  });
  parser.write(text).close();
  return found;
}
