/**
 * Why a task failed, after its request was accepted: a code and a sentence the user can act on, kept with the task
 * (media.md §6.3, documents-styles-tasks.md §1.1.5). Never a path of the machine, never a stack.
 */
export type FailureCode =
  | 'InvalidArgument'
  | 'ResourceNotFound'
  | 'UnsupportedMedia'
  | 'UnsupportedSrcFile'
  | 'OpenFileError'
  | 'ConvertTimeout'
  | 'EngineMissing'
  | 'InternalError';

/** Any other code: one that somebody asked for, to see how a failure is dealt with. */
type Asked = string & Readonly<Record<never, never>>;

export class TaskFailure extends Error {
  override readonly name = 'TaskFailure';
  readonly code: FailureCode | Asked;

  /** @param cause for the log only */
  constructor(code: FailureCode | Asked, message: string, cause?: unknown) {
    super(message, cause === undefined ? undefined : { cause });
    this.code = code;
  }
}
