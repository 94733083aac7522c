/** What the engines of one run were told and what they said: the last lines, with nothing in them of this machine. */
import { homedir, tmpdir } from 'node:os';
import { basename, resolve } from 'node:path';
import type { Children } from './children.ts';
import type { Office } from './doc/soffice.ts';
import type { Engines } from './engines.ts';
import type { ObjectRef } from './run.ts';

export interface EngineLog {
  /** From now on a file is called by the object it holds. */
  name(file: string, ref: ObjectRef): void;
  /** A program was started. */
  started(program: string, args: readonly string[]): void;
  /** What it wrote. */
  said(text: string): void;
  /** The last lines. */
  text(): string;
}

const MOST_LINES = 40;
/** Characters. */
const LONGEST = 4096;
const LONGEST_LINE = 2000;

/** @param root the directory that holds the files of runs */
export function createEngineLog(root: string): EngineLog {
  const names = new Map<string, string>();
  const lines: string[] = [];
  const add = (text: string) => {
    for (const line of text.split(/[\r\n]+/)) if (line.trim() !== '') lines.push(shown(line));
    lines.splice(0, lines.length - MOST_LINES);
  };

  /** Objects by name, other files by the last part of theirs. */
  function shown(line: string): string {
    const files = [...names.keys()];
    // Marks that no engine writes, so that what is put in is not taken for a path.
    const marked = files.reduce(
      (text, file, i) => text.replaceAll(file, `\u0001${i}\u0002`),
      line.slice(0, LONGEST_LINE),
    );
    return withoutPaths(marked, root)
      .replace(/\u0001(\d+)\u0002/g, (_, i: string) => names.get(files[Number(i)] ?? '') ?? '')
      .replace(/[\u0000-\u0008\u000a-\u001f\u007f]/g, '?');
  }

  return {
    name: (file, { bucket, key }) => void names.set(resolve(file), `oss://${bucket}/${key}`),
    started(program, args) {
      // A shell that only sets limits before it becomes the program.
      const words = args[0] === '-c' ? args.slice(2) : [program, ...args];
      const [first = '', ...rest] = words;
      const line = rest.map((word) => word.replace(/[\r\n]+/g, ' ')).join(' ');
      // The same for every run, and long.
      add(`$ ${basename(first)} ${line.replace(/-(protocol|format)_whitelist \S+ /g, '')}`);
    },
    said: add,
    text: () => lines.join('\n').slice(-LONGEST),
  };
}

/** Directories may have blanks in their names, where a pattern would lose its way. */
function withoutPaths(text: string, root: string): string {
  const known = [root, process.cwd(), tmpdir(), homedir()].map((dir) => resolve(dir)).filter((dir) => dir !== '/');
  const shorter = known.reduce((rest, dir) => rest.replaceAll(`${dir}/`, '/_/'), text);
  return shorter.replace(/(?<![\w.)\u0002])\/+(?:[^\s/'":;,|=]+\/)+/g, '');
}

/** Engines that tell a log what they are told and what they say. */
export function heard(engines: Engines, log: EngineLog): Engines {
  const children: Children = {
    ...engines.children,
    async run(program, args, options) {
      log.started(program, args);
      const finished = await engines.children.run(program, args, options);
      log.said(finished.stderr);
      return finished;
    },
  };
  const office: Office = {
    ...engines.office,
    convert(document, job) {
      log.started('soffice', ['--headless', `--infilter=${job.importFilter}`, '--convert-to', job.to]);
      return engines.office.convert(document, { ...job, said: log.said });
    },
  };
  return { ...engines, children, office };
}
