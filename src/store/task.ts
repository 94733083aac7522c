/** What a task is. Apart from the queue, so that the library's types need those of no other package. */
export const taskStates = ['Queued', 'Running', 'Succeeded', 'Failed', 'Canceled'] as const;
export type TaskState = (typeof taskStates)[number];

export interface TaskOutput {
  readonly bucket: string;
  readonly key: string;
  readonly size: number;
  readonly etag: string;
}

/** Pictures of a video that a message lists by kind. */
export type NoticeImages = 'Snapshots' | 'Sprites' | 'Animations';

/** Whom to tell when a task has ended, and what can be said before it has. */
export interface Notice {
  readonly topic: string;
  /** Keys of all source objects, in order. */
  readonly sources: readonly string[];
  /** What kind of picture the outputs are; absent for other outputs. */
  readonly images?: NoticeImages;
}

export interface Task {
  readonly id: string;
  readonly eventId: string;
  readonly requestId: string;
  readonly type: string;
  readonly bucket: string;
  readonly key: string;
  /** Canonical process string, styles expanded. */
  readonly process: string;
  readonly state: TaskState;
  /** Per cent. */
  readonly progress: number;
  readonly code: string;
  readonly message: string;
  readonly outputs: readonly TaskOutput[];
  /** What it found out, when that is a text and not an object. */
  readonly result: string;
  readonly warnings: readonly string[];
  readonly notice: Notice | undefined;
  readonly attempts: number;
  readonly created: Date;
  readonly started: Date | undefined;
  readonly ended: Date | undefined;
}
