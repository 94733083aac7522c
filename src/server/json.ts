/** Reads JSON that somebody else sent. @returns `undefined` for what is none */
export function jsonFrom(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}
