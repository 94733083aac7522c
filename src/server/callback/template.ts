import { urlEncodeAll } from '../wire.ts';
import type { BodyType } from './config.ts';

/** Values of placeholders; one that is not there becomes empty (assumed, rest-core.md §1.5). */
export type Variables = Readonly<Record<string, string | number>>;

const PLACEHOLDER = /\$\{([^{}]*)\}/g;

/** Names of the placeholders in a template. */
export const namesIn = (template: string): readonly string[] =>
  [...template.matchAll(PLACEHOLDER)].map(([, name = '']) => name);

/** Whether no placeholder is written as none is: `$(object)`, which a test of the Java SDK finds refused, or without its end. */
export const isWellFormed = (template: string): boolean => !/\$[({]/.test(template.replace(PLACEHOLDER, ''));

/** Fills a template in: form values are percent-encoded, JSON values quoted where they are texts (rest-core.md §1.5). */
export function fill(template: string, type: BodyType, variables: Variables): string {
  const shown = type === 'application/json' ? JSON.stringify : (value: string | number) => urlEncodeAll(String(value));
  return template.replace(PLACEHOLDER, (_, name: string) =>
    shown(Object.hasOwn(variables, name) ? (variables[name] ?? '') : ''),
  );
}
