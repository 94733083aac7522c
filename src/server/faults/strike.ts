/** What a fault does before a request or a task is worked on: it waits, refuses, or cuts the connection. */
import { setTimeout as pause } from 'node:timers/promises';
import { TaskFailure } from '../../processors/failure.ts';
import { catalogue, type Entry, type ErrorCode } from '../../store/errors.ts';
import type { Refusal } from '../reply.ts';
import type { Fault } from './index.ts';
import { codeOf, type FaultRule, type FaultTarget } from './rule.ts';

/** A refusal that a rule asks for: any code, known to OSS or not. */
export class FaultError extends Error implements Refusal {
  override readonly name = 'FaultError';
  readonly code: string;
  readonly status: number;
  readonly ec: string | undefined;
  readonly elements: Readonly<Record<string, string>>;
  readonly headers = {};
  constructor(code: string, { status, message, ec }: FaultRule, { bucket, key }: FaultTarget) {
    const known: Entry | undefined = Object.hasOwn(catalogue, code) ? catalogue[code as ErrorCode] : undefined;
    super(message ?? known?.message ?? 'A fault rule asked for this answer.');
    this.code = code;
    this.status = status ?? known?.status ?? 400;
    this.ec = ec ?? known?.ec;
    const named = { BucketName: bucket, Key: key };
    this.elements = known?.names === undefined ? {} : { [known.names]: named[known.names] };
  }
}

/** The connection is cut in place of an answer. */
export class ConnectionReset extends Error {
  override readonly name = 'ConnectionReset';
}

/** Milliseconds that pass; fewer when the client leaves or the fault is over. */
async function delay({ rule, over }: Fault, signal: AbortSignal): Promise<void> {
  if (rule.delayMs === undefined) return;
  await pause(rule.delayMs, undefined, { signal: AbortSignal.any([over, signal]) }).catch(() => {});
  signal.throwIfAborted();
}

/**
 * What happens before a request is worked on.
 * @param target what it is about
 * @param signal the client's
 * @throws FaultError, ConnectionReset
 */
export async function strikeRequest(fault: Fault, target: FaultTarget, signal: AbortSignal): Promise<void> {
  const { rule } = fault;
  await delay(fault, signal);
  const code = codeOf(rule);
  if (code !== undefined) throw new FaultError(code, rule, target);
  if (rule.reset && rule.truncateAfter === undefined) throw new ConnectionReset('a fault rule resets the connection');
}

/** What happens before a task runs. @throws TaskFailure */
export async function strikeTask(fault: Fault, signal: AbortSignal): Promise<void> {
  const { rule } = fault;
  await delay(fault, signal);
  const code = codeOf(rule);
  if (code !== undefined) throw new TaskFailure(code, rule.message ?? 'A fault rule asked for this failure.');
}
