/** What a processing operation, a family and a directive are. See CONTRIBUTING.md. */
import type { NoticeImages } from '../store/task.ts';
import type { Engines } from './engines.ts';
import type { ParamSpecs, Values } from './params.ts';
import type { ObjectRef } from './run.ts';
import type { VariableName } from './variables.ts';

/** `sync`: the answer is the result (`x-oss-process`). `async`: a task makes it (`x-oss-async-process`). */
export type Mode = 'sync' | 'async';

/** What goes into a run: a file that stays as it is while the run lasts, and what the store knows of it. */
export interface Source {
  readonly file: string;
  /** The object's key, for its extension. */
  readonly name: string;
  readonly contentType: string;
  /** Of the stored object; what an earlier step made has none. */
  readonly etag?: string;
}

/** Where a result is: a file in the run's own directory, or in memory when it is small enough to have been made there. */
export type Content = { readonly file: string } | { readonly bytes: Buffer };

/** A result whose bytes depend on the key it is saved under: a playlist names its neighbours. */
export interface Named {
  bytesFor(key: string): Buffer;
}

/** What comes out of a run. */
export type Artifact = (Content | Named) & {
  /** Extension of the produced format, without dot: `{autoext}`. */
  readonly ext: string;
  readonly contentType: string;
  /** Values of the variables only this artifact has: `{index}`, `{sheetname}`, … */
  readonly variables?: Readonly<Partial<Record<VariableName, string>>>;
  /** Put between the target's name and the extension, where outputs share the name as a prefix: `-<token>-0` (media.md §17.1). */
  readonly suffix?: string;
  /** The JSON that a POST is answered with which saved it as the first; absent: OSS's own. */
  readonly reply?: (bucket: string, key: string) => string;
};

/** What a run may ask of its surroundings. */
export interface RunContext {
  /** Fires at the deadline, on cancel and at shutdown. Operations pass it to every child process. */
  readonly signal: AbortSignal;
  readonly engines: Engines;
  /** A fresh path in this run's directory; the directory is removed when the run is over. `ext` without dot. */
  temp(ext: string): string;
  /** The object that the request names. */
  readonly asked: ObjectRef;
  /** Canonical text of what is run, styles expanded, without what becomes of the result. */
  readonly process: string;
  /**
   * Another object as a source: an image watermark, a clip.
   * @param bucket the source's own when absent
   * @throws NoSuchKey, NoSuchBucket
   */
  open(key: string, bucket?: string): Promise<Source>;
  /** The URL by which the caller may GET an object of the source's bucket with a process string, for a while. */
  sign(key: string, process: string): string;
  /** Nothing is to be made, only sizes are to be known: see `Family.sizeOf`. */
  readonly measures?: true;
  /** Hears what was said by a program that a library starts; the others are heard by themselves. */
  heard?(program: string, args: readonly string[], said: readonly string[]): void;
  /** How far the run is, 0 to 100. */
  progress(percent: number): void;
  /** Something the user should know though the run goes on; kept with the task. */
  warn(text: string): void;
}

/** What a task is called (documents-styles-tasks.md §6.1). */
export type TaskType = 'MediaConvert' | 'OfficeConversion' | 'DecodeBlindWatermark';

/** What one kind of media is between two actions. */
export interface Family<V = unknown> {
  /** The word before the first `/` of a segment. */
  readonly name: string;
  readonly summary: string;
  /** What kind of object its sources are, by the first word of their Content-Type where that says it. */
  readonly takes: readonly ('image' | 'video' | 'audio' | 'document' | 'playlist')[];
  /** TaskType of its asynchronous operations, the prefix of the TaskId. */
  readonly taskType?: TaskType;
  /** Its operations are done by IMM: the bucket must be bound to a project, the caller known (media.md §2). */
  readonly imm?: true;
  /** Targets without an extension get the produced one (media.md §4.3). */
  readonly appendsExtension?: true;
  /** Operations OSS documents and this emulator answers with NotImplemented, each with the reason. */
  readonly refused?: Readonly<Record<string, string>>;
  /** Opening starts a program, so that it waits for its turn like the heavy work. */
  readonly opensInTurn?: true;
  /** Sniffs, checks limits, decodes as little as possible. */
  open(source: Source, ctx: RunContext): Promise<V>;
  finish(value: V, ctx: RunContext): Promise<readonly Artifact[]>;
  /**
   * The size of a value, for families whose operations know it without making a pixel when the context `measures`.
   * @returns pixels
   */
  sizeOf?(value: V): { readonly width: number; readonly height: number };
}

/** Sub-actions that belong to the action before them, in order: `video/concat,…/pre,…/sur,…`. */
export type ClauseSpecs = Readonly<Record<string, ParamSpecs>>;
export type Clause<C extends ClauseSpecs> = {
  [N in keyof C]: { readonly name: N; readonly params: Values<C[N]> };
}[keyof C];

export interface Example {
  /** A file of fixtures/media. */
  readonly of: string;
  /** Without `sys/saveas`. */
  readonly process: string;
  readonly shows: string;
}

/** How true to OSS an operation is. Listed in docs/fidelity.md and under /_ossite/operations. */
export type Fidelity = { readonly level: 'full' } | { readonly level: 'approximate'; readonly because: string };

export interface Operation<
  V = unknown,
  S extends ParamSpecs = ParamSpecs,
  // biome-ignore lint/complexity/noBannedTypes: "no clauses" is exactly the empty object type
  C extends ClauseSpecs = {},
> {
  /** The word in the process string, and the file's name. */
  readonly name: string;
  readonly summary: string;
  /** The OSS page it follows. */
  readonly docs: string;
  readonly modes: readonly Mode[];
  readonly fidelity: Fidelity;
  readonly params: S;
  readonly clauses?: C;
  /**
   * Gives information and nothing to save, so it must be the only action of its process string: `image/info`. A task
   * keeps the text that such an operation makes as its result.
   */
  readonly alone?: true;
  /** Must be the last action of its process string. */
  readonly last?: true;
  /** Whether it is done by IMM, where its family is not what decides. */
  readonly imm?: boolean;
  /** Refused to anonymous callers, as all that IMM does is. */
  readonly signed?: true;
  /** TaskType when its family has none. */
  readonly taskType?: TaskType;
  /** Its objects are pictures of a video, which a message lists apart from other outputs (media.md §5.4). */
  readonly notifies?: NoticeImages;
  /** Answers a GET and nothing else: there is no POST of it. */
  readonly getOnly?: true;
  /** Actions that may be written before it on GET and are only checked: it does their work itself. */
  readonly absorbs?: readonly string[];
  /** Moved in front of every other action of its segment, wherever it is written: `auto-orient` (image.md §1.2). */
  readonly first?: true;
  /** EC when a bare-value action has several values: `rotate,90,200` (image.md §1.4). */
  readonly tooManyEc?: string;
  /** EC of a token that is no `key_value`; absent: such tokens are unknown parameters. */
  readonly malformedEc?: string;
  /** Makes more than an answer holds: a synchronous request must be a POST that saves it. */
  readonly saved?: true;
  /**
   * Makes the very object that a GET names, which need not be there yet, out of another one of its bucket: the key of that
   * one. What is made is stored under the name and served from there from then on.
   */
  madeFrom?(params: Values<S>): string;
  /** Variables its artifacts define, beyond those every operation has (documents-styles-tasks.md §2). */
  readonly variables?: readonly VariableName[];
  /** Those of its variables that a source of this key can not give: `{sheetname}` of a letter (rule V2). */
  lacks?(key: string, params: Values<S>): readonly VariableName[];
  /** Run by the tests, shown in the docs. */
  readonly examples: readonly Example[];
  /**
   * Keys of all objects it works on, in order, where that is more than the source: the clips of a concat. They are of the
   * source's bucket. For the message; the run opens them by itself.
   */
  sources?(key: string, clauses: readonly Clause<C>[]): readonly string[];
  /** Rules across parameters and clauses. @returns what is wrong, or `undefined` */
  check?(params: Values<S>, clauses: readonly Clause<C>[]): Problem | undefined;
  /** A value goes on to the next action; artifacts end the segment. */
  run(job: {
    readonly input: V;
    readonly params: Values<S>;
    readonly clauses: readonly Clause<C>[];
    readonly ctx: RunContext;
  }): Promise<V | readonly Artifact[]>;
}

/** What `check` found. */
export interface Problem {
  /** The parameter to blame. */
  readonly param: string;
  readonly kind: 'missing' | 'invalid';
  /** A sentence: what was expected. */
  readonly expected: string;
  readonly ec?: string;
}

/** `sys/saveas`, `sys/notify`: what to do with the result. Parameters only, no run. */
export interface Directive<S extends ParamSpecs = ParamSpecs> {
  readonly name: 'saveas' | 'notify';
  readonly summary: string;
  readonly docs: string;
  readonly modes: readonly Mode[];
  readonly fidelity: Fidelity;
  readonly params: S;
  /** Parameters of which the first mention counts instead of the last (spec README rule 1). */
  readonly firstWins?: readonly string[];
}
