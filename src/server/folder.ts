/** Files that are found, not listed: adding an action or a route is adding one file (docs/decisions.md). */
import { readdir } from 'node:fs/promises';
import { extname } from 'node:path';

const suffix = extname(import.meta.url);

/** The default exports of a folder's files. @throws Error when a file has none */
export async function loadFolder<T>(folder: URL): Promise<readonly T[]> {
  const files = (await readdir(folder)).filter((file) => file.endsWith(suffix) && !file.endsWith('.d.ts'));
  return Promise.all(
    files.map(async (file) => {
      const url = new URL(file, folder);
      const module = (await import(url.href)) as { default?: T };
      if (module.default === undefined) throw new Error(`${url.pathname} has no default export`);
      return module.default;
    }),
  );
}
