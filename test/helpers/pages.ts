/** Pages of the documentation, whose commands and programs are run. */
import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';

const root = new URL('../../', import.meta.url);

/** Where the package is. */
export const rootPath = fileURLToPath(root);

export const readPage = (page: string): string => readFileSync(new URL(page, root), 'utf8');

export interface Block {
  /** What stands above it in backquotes, as the name of a file does. */
  readonly name: string;
  readonly code: string;
  /** What the page shows behind it. */
  readonly output: string;
}

/** The code blocks of a page in a language. */
export function blocks(page: string, language: string): readonly Block[] {
  const block = new RegExp(
    `(?:\`([\\w.]+)\`:\\n\\n)?\`\`\`${language}\\n([\\s\\S]*?)\`\`\`(?:\\n\\n\`\`\`\\n([\\s\\S]*?)\`\`\`)?`,
    'g',
  );
  return [...readPage(page).matchAll(block)].map(([, name = '', code = '', output = '']) => ({ name, code, output }));
}

/** The address that the pages print. */
export const PRINTED = 'http://127.0.0.1:6770';

/** What was written, without what differs from one run to the next. @param endpoint of the server it was written about */
export const steady = (text: string, endpoint = PRINTED): string =>
  text
    .replaceAll(new URL(endpoint).host, new URL(PRINTED).host)
    .replace(/\b20\d\d-\d\d-\d\dT[\d:.]+Z/g, 'TIME')
    .replace(/\b[0-9A-F]{24}\b/g, 'ID')
    .replace(/"(ms|seq|fileSize)": \d+/g, '"$1": N')
    .replace(/ \d+ bytes\b/g, ' N bytes')
    .trimEnd();
