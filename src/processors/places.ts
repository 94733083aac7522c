/** Where in a process string a mistake is: kept beside the error, so that nothing that throws has to know. */

/** UTF-16 units of the text, the end not included. */
export interface Span {
  readonly start: number;
  readonly end: number;
}

const places = new WeakMap<object, Span>();

/** Does work on a part of the text: an error that has no place yet gets this one. */
export function within<T>(span: Span | undefined, work: () => T): T {
  try {
    return work();
  } catch (error) {
    if (span !== undefined && error instanceof Error && !places.has(error)) places.set(error, span);
    throw error;
  }
}

/** The same for work that takes time. */
export async function withinAsync<T>(span: Span | undefined, work: () => Promise<T>): Promise<T> {
  try {
    return await work();
  } catch (error) {
    return within(span, () => {
      throw error;
    });
  }
}

/** Where the mistake is; `undefined` where nobody knows. */
export const placeOf = (error: Error): Span | undefined => places.get(error);
