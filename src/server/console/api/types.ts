/** What the control API answers, as far as the console reads it. docs/testing.md describes it. */

export interface AuthNote {
  readonly outcome: string;
  readonly scheme?: string;
  readonly accessKeyId?: string;
  readonly received?: string;
  readonly expected?: string;
  readonly stringToSign?: string;
  readonly canonicalRequest?: string;
  readonly diagnosis?: Diagnosis;
}

/** Why a signature is likely to be wrong. The texts are the client's, where they could be found out. */
export interface Diagnosis {
  readonly cause: string;
  readonly sentence: string;
  readonly stringToSign?: string;
  readonly canonicalRequest?: string;
}

/** A request in the journal. */
export interface Entry {
  readonly seq: number;
  readonly time: string;
  readonly requestId: string;
  readonly method: string;
  readonly host: string;
  readonly path: string;
  readonly op?: string;
  readonly bucket?: string;
  readonly key?: string;
  readonly process?: string;
  /** 0: the connection was cut. */
  readonly status: number;
  readonly code?: string;
  readonly ec?: string;
  readonly ms: number;
  readonly bytesIn?: number;
  readonly bytesOut?: number;
  readonly complete?: boolean;
  readonly auth: AuthNote;
  readonly fault?: number;
  /** The console asked, not the application. */
  readonly console?: boolean;
}

export type Headers = readonly (readonly [name: string, value: string])[];

export interface EntryWithHeaders extends Entry {
  readonly requestHeaders: Headers;
  /** Absent until the answer has gone out. */
  readonly responseHeaders?: Headers;
  /** The rule that struck, as it was then. */
  readonly faultRule?: Fault;
}

export type TaskStatus = 'Queued' | 'Running' | 'Succeeded' | 'Failed' | 'Canceled';

export interface Output {
  readonly Bucket: string;
  readonly Key: string;
  readonly Size: number;
  readonly ETag: string;
}

export interface Task {
  readonly TaskId: string;
  readonly EventId: string;
  readonly RequestId: string;
  readonly TaskType: string;
  readonly Status: TaskStatus;
  readonly Progress: number;
  readonly Code: string;
  readonly Message: string;
  readonly Bucket: string;
  readonly Key: string;
  readonly Process: string;
  readonly CreatedTime?: string;
  readonly StartTime: string;
  readonly EndTime: string;
  readonly Outputs: readonly Output[];
  readonly Result: string;
  readonly Warnings: readonly string[];
  readonly Attempts: number;
  /** The engine's last lines; only of one task. */
  readonly EngineLog?: string;
}

export interface Message {
  readonly MessageId: string;
  readonly Topic: string;
  readonly TaskId: string;
  readonly State: string;
  readonly Attempts: number;
  readonly LastError: string;
  readonly Created: string;
  readonly Delivered: string;
  readonly Body: unknown;
}

export interface Parameter {
  readonly name: string;
  readonly doc: string;
  readonly type: 'number' | 'choice' | 'text' | 'object' | 'color' | 'size' | 'pages';
  /** Completes "must be …". */
  readonly expected: string;
  readonly required: boolean;
  readonly default?: string | number;
  readonly min?: number;
  readonly max?: number;
  readonly integer?: boolean;
  readonly choices?: readonly string[];
  readonly bare?: true;
  readonly base64?: true;
}

export interface Operation {
  readonly family: string;
  readonly name: string;
  readonly summary: string;
  readonly fidelity: 'full' | 'approximate' | 'refused';
  readonly because?: string;
  readonly docs?: string;
  readonly modes: readonly string[];
  readonly saved?: true;
  readonly parameters: readonly Parameter[];
  readonly clauses?: Readonly<Record<string, readonly Parameter[]>>;
  readonly variables?: readonly string[];
  readonly examples: readonly { readonly of: string; readonly process: string; readonly shows: string }[];
}

export interface Variable {
  readonly name: string;
  readonly doc: string;
}

export interface Size {
  readonly width: number;
  readonly height: number;
}

/** Characters of a process string, end exclusive. */
export interface Span {
  readonly start: number;
  readonly end: number;
}

/** The answer to `explain`: a plan, or the error that the service would give. */
export interface Explained {
  readonly process?: string;
  readonly source?: Size;
  readonly stages?: readonly {
    readonly action: string;
    readonly params: Readonly<Record<string, unknown>>;
    readonly fidelity: string;
    readonly size?: Size;
  }[];
  readonly saveas?: {
    readonly key: string;
    readonly bucket?: string;
    /** Where the first output would be saved; what is not known before the run stays a variable. */
    readonly preview?: { readonly bucket: string; readonly key: string };
  };
  readonly warnings?: readonly string[];
  readonly error?: {
    readonly status: number;
    readonly code: string;
    readonly message: string;
    readonly ec?: string;
    readonly Detail?: string;
    readonly at?: Span;
  };
}

export interface Engine {
  /** Absent: it is not there. */
  readonly version?: string;
  readonly neededFor: string;
  readonly families: readonly string[];
  readonly [more: string]: unknown;
}

export interface Info {
  readonly version: string;
  /** Seconds. */
  readonly uptime: number;
  readonly region: string;
  readonly node: string;
  readonly engines: Readonly<Record<string, Engine>>;
  readonly settings: Readonly<Record<string, unknown>>;
}

export interface Counts {
  readonly buckets: number;
  readonly objects: number;
  readonly bytes: number;
  readonly uploads: number;
  readonly tasks: Readonly<Partial<Record<TaskStatus, number>>>;
  readonly requests: { readonly total: number; readonly errors: number; readonly kept: number };
  readonly messages: number;
}

/** Code that makes a client, or a call. */
export interface Snippet {
  readonly language: string;
  readonly title: string;
  readonly name: string;
  readonly install?: string;
  readonly code: string;
}

/** A fault rule, with how many requests it meant and how many it struck. */
export interface Fault {
  readonly op?: string;
  readonly bucket?: string;
  readonly key?: string;
  readonly action?: string;
  readonly times?: number;
  readonly probability?: number;
  readonly delayMs?: number;
  readonly status?: number;
  readonly code?: string;
  readonly message?: string;
  readonly ec?: string;
  readonly truncateAfter?: number;
  readonly stallAfter?: number;
  readonly reset?: boolean;
  readonly corruptCrc?: boolean;
  readonly matched?: number;
  readonly fired?: number;
}
