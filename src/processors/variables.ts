/**
 * Variables of `o` and `b` in `sys/saveas`: one table with what each means and where its value comes from
 * (documents-styles-tasks.md §2). Time variables are UTC (spec README rule 5).
 */
import { extname } from 'node:path/posix';
import mime from 'mime-types';
import { TaskFailure } from './failure.ts';

/** What the values are taken from. */
export interface Subject {
  readonly bucket: string;
  readonly key: string;
  readonly contentType: string;
  /** Upload time of the source. */
  readonly uploaded: Date;
  /** Creation time of the task or request. */
  readonly started: Date;
}

interface Variable {
  readonly doc: string;
  /** Absent: the value comes from the artifact, and only operations that declare the variable have it. */
  readonly value?: (subject: Subject) => string;
}

const digits = (value: number, length: number) => String(value).padStart(length, '0');
const basename = (key: string) => key.slice(key.lastIndexOf('/') + 1);
const barename = (key: string) => {
  const name = basename(key);
  const ext = extname(name);
  return ext === '' ? name : name.slice(0, -ext.length);
};

/** Extension for a Content-Type; mime-db's first choice is not always the usual one. */
function extensionOf(contentType: string): string {
  if (contentType === 'application/octet-stream') return '';
  const usual: Readonly<Record<string, string>> = { 'image/jpeg': 'jpg', 'audio/mpeg': 'mp3' };
  return usual[contentType] ?? (mime.extension(contentType) || '');
}

function clock(of: 'uploaded' | 'started', what: string): Record<string, Variable> {
  const prefix = of === 'started' ? 't_' : '';
  const part = (doc: string, length: number, take: (date: Date) => number): Variable => ({
    doc: `${doc} ${what} (UTC, ${length} digits)`,
    value: (subject) => digits(take(subject[of]), length),
  });
  return {
    [`${prefix}year`]: part('year', 4, (d) => d.getUTCFullYear()),
    [`${prefix}mon`]: part('month', 2, (d) => d.getUTCMonth() + 1),
    [`${prefix}day`]: part('day', 2, (d) => d.getUTCDate()),
    [`${prefix}hour`]: part('hour', 2, (d) => d.getUTCHours()),
    [`${prefix}min`]: part('minute', 2, (d) => d.getUTCMinutes()),
    [`${prefix}sec`]: part('second', 2, (d) => d.getUTCSeconds()),
  };
}

const fromSource = {
  bucket: { doc: 'bucket of the source', value: (s) => s.bucket },
  key: { doc: 'whole key of the source', value: (s) => s.key },
  dirname: {
    doc: 'key up to its last slash, without it',
    value: (s) => s.key.slice(0, Math.max(0, s.key.lastIndexOf('/'))),
  },
  basename: { doc: 'last part of the key, with extension', value: (s) => basename(s.key) },
  barename: { doc: 'last part of the key, without extension', value: (s) => barename(s.key) },
  ext: {
    doc: 'extension of the source, without dot; from its Content-Type when the key has none',
    value: (s) => extname(basename(s.key)).slice(1) || extensionOf(s.contentType),
  },
} as const satisfies Record<string, Variable>;

const fromArtifact = {
  autoext: { doc: 'extension of the produced format' },
  index: { doc: 'running number of the output, from 1; page number for documents, sheet_page for workbooks' },
  streamindex: { doc: 'number of the stream, from 0' },
  resolution: { doc: 'size of the produced video, such as 1920x1080' },
  sheetname: { doc: 'title of the sheet (workbooks)' },
} as const satisfies Record<string, Variable>;

const table: Readonly<Record<string, Variable>> = {
  ...fromSource,
  ...clock('uploaded', 'in which the source was uploaded'),
  ...clock('started', 'in which the task was created'),
  ...fromArtifact,
};

export type VariableName = keyof typeof fromSource | keyof typeof fromArtifact;

/** Names an operation offers: those with a value of their own, `autoext`, and the ones it declares. */
export function offeredVariables(declared: readonly VariableName[] = []): ReadonlySet<string> {
  const common = Object.keys(table).filter((name) => table[name]?.value !== undefined);
  return new Set([...common, 'autoext', ...declared]);
}

/** A template taken apart: literal text and variable names in turn. */
export type Template = readonly ({ readonly text: string } | { readonly variable: string })[];

/**
 * Reads a template: `{name}` is a variable, `{{` and `}}` are literal braces.
 * @returns the parts, or a sentence saying what is wrong (rules V2, V3)
 */
export function parseTemplate(text: string, offered: ReadonlySet<string>): Template | string {
  const parts: ({ text: string } | { variable: string })[] = [];
  const token = /\{\{|\}\}|\{([^{}]*)\}|[{}]|[^{}]+/g;
  for (const [found, name] of text.matchAll(token)) {
    if (name !== undefined) {
      if (!offered.has(name))
        return `{${name}} is not a variable of this operation; known here: ${[...offered].join(', ')}`;
      parts.push({ variable: name });
    } else if (found === '{' || found === '}')
      return `unbalanced ${found} in the template; write ${found}${found} for a literal brace`;
    else parts.push({ text: found === '{{' ? '{' : found === '}}' ? '}' : found });
  }
  return parts;
}

/** Whether a template mentions a variable. */
export function mentions(template: Template, name: VariableName): boolean {
  return template.some((part) => 'variable' in part && part.variable === name);
}

/** Whether a template can only be filled in when the run has made something. */
export function dependsOnResult(template: Template): boolean {
  return template.some((part) => 'variable' in part && table[part.variable]?.value === undefined);
}

/**
 * Fills a template in. A leading slash left by an empty `{dirname}` is dropped (rule V1).
 * @throws TaskFailure InvalidArgument when this result has no such thing, as `{sheetname}` outside workbooks (rule V2)
 */
export function fillTemplate(
  template: Template,
  subject: Subject,
  own: Readonly<Partial<Record<string, string>>>,
): string {
  let result = '';
  for (const part of template) {
    result += 'text' in part ? part.text : valueIn(part.variable, subject, own);
  }
  const first = template[0];
  const emptyStart = first !== undefined && 'variable' in first && result.startsWith('/');
  return emptyStart ? result.slice(1) : result;
}

function valueIn(name: string, subject: Subject, own: Readonly<Partial<Record<string, string>>>): string {
  const value = own[name] ?? table[name]?.value?.(subject);
  if (value === undefined)
    throw new TaskFailure('InvalidArgument', `This result has no {${name}} to put into its name.`);
  return value;
}

/** The table, for the docs and the control API. */
export function describeVariables(): readonly { readonly name: string; readonly doc: string }[] {
  return Object.entries(table).map(([name, { doc }]) => ({ name, doc }));
}
