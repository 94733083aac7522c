/** URIs in playlists, and the keys of objects they stand for. */

/** A line's URI, where it is one: not a comment, not empty. */
export const uriIn = (line: string): string | undefined =>
  line.trim() === '' || line.startsWith('#') ? undefined : line.trim();

/** The last part of a key, as a URI relative to its neighbours. */
export const uriFor = (key: string): string => encodeURIComponent(key.slice(key.lastIndexOf('/') + 1));

/**
 * The key that a relative URI in a playlist stands for.
 * @param playlist key of the playlist
 * @returns `undefined` for URIs of other places
 */
export function keyFor(uri: string, playlist: string): string | undefined {
  if (/^[a-z][a-z0-9+.-]*:|^\/\//i.test(uri)) return undefined;
  const path = decoded(uri.replace(/[?#].*$/s, ''));
  if (path === undefined) return undefined;
  const base = path.startsWith('/') ? [] : playlist.split('/').slice(0, -1);
  const parts = [...base];
  for (const part of path.replace(/^\//, '').split('/')) {
    if (part === '..') parts.pop();
    else if (part !== '.') parts.push(part);
  }
  return parts.join('/');
}

function decoded(text: string): string | undefined {
  try {
    return decodeURIComponent(text);
  } catch {
    return undefined;
  }
}
