/** One request with its answer, as log, journal, metrics and events tell of it. */
import { randomUUID } from 'node:crypto';
import type { ClientRequest, ServerResponse } from 'node:http';
import type Koa from 'koa';
import type { Plan } from '../processors/plan.ts';
import type { Services } from './action.ts';
import type { Diagnosis } from './auth/diagnosis/index.ts';
import type { Verdict } from './auth/index.ts';
import type { Fault } from './faults/index.ts';
import type { FaultTarget } from './faults/rule.ts';
import { cutsBody, losesAnswer, sendPart, spoilChecksum } from './faults/spoil.ts';
import { strikeRequest } from './faults/strike.ts';
import type { FileBody } from './file-body.ts';
import { authNote, type Entry, type RawHeaders } from './journal.ts';
import { actionNames } from './processing.ts';

/** Filled in as the request goes on. */
export interface Exchange {
  readonly id: string;
  readonly came: Date;
  /** The same moment by the clock that is never set: for durations. */
  readonly began: number;
  /** Of the namespace that it turns out to belong to. */
  oss: Services;
  /** Name of the operation; `control` for the control API, which is not journalled. */
  op?: string;
  bucket?: string;
  key?: string;
  process?: string;
  verdict?: Verdict;
  /** Says what is wrong with the signature. */
  diagnose?(verdict: Verdict): Diagnosis | undefined;
  /** How the signature was, where there is no verdict of OSS's. */
  auth?: Entry['auth']['outcome'];
  code?: string;
  ec?: string;
  fault?: Fault;
  /** Its query has the console's key. */
  console?: true;
  /** What of the answer is still in a file. */
  file?: FileBody | undefined;
  /** There is no answer: the connection is cut instead. */
  cut?: true;
}

/** A request has come. @param oss of who has no namespace of their own, until it is known whose it is */
export const beginExchange = (oss: Services): Exchange => ({
  id: requestId(),
  came: new Date(),
  began: performance.now(),
  oss,
});

const elapsed = ({ began }: Exchange): number => Math.round(performance.now() - began);

/**
 * Lets the first fault strike that means the request; one request is struck once. Faults are for the application: what the
 * console asks for to show something neither fails nor uses up a rule.
 * @throws FaultError, ConnectionReset
 */
export async function strike(x: Exchange, target: FaultTarget, signal: AbortSignal): Promise<void> {
  if (x.fault !== undefined || x.console) return;
  const fault = x.oss.faults.hit(target);
  if (fault === undefined) return;
  x.fault = fault;
  await strikeRequest(fault, target, signal);
}

/** The key was read from the body: faults that mean a form strike now, when its namespace is known, too. @throws as strike */
export async function keyed(x: Exchange, key: string, signal: AbortSignal): Promise<void> {
  x.key = key;
  const { op = '', bucket = '' } = x;
  await strike(x, { op, bucket, key }, signal);
}

/** The process string was understood; faults that name an action strike now. @throws as strike */
export async function planned(x: Exchange, plan: Plan, signal: AbortSignal): Promise<void> {
  x.process = plan.process;
  const { op = '', bucket = '', key = '' } = x;
  await strike(x, { op, bucket, key, actions: actionNames(plan) }, signal);
}

/** The answer is ready: tells of it, and spoils it where a fault says so. */
export function conclude(ctx: Koa.Context, x: Exchange): void {
  if (x.fault !== undefined && losesAnswer(x.fault)) x.cut = true;
  const status = x.cut ? 0 : ctx.status;
  const ms = elapsed(x);
  if (x.code === undefined) ctx.set('x-oss-server-time', String(ms));
  x.oss.log.info({ method: ctx.method, host: ctx.get('host'), url: ctx.url, status, ms, ...logged(x) }, 'request');
  if (x.op !== 'control') record(ctx, x, status, ms);
  if (x.cut || (x.fault !== undefined && cutsBody(x.fault))) ctx.respond = false;
  if (x.cut) ctx.req.socket.resetAndDestroy();
  if (x.cut || x.fault === undefined) return;
  spoilChecksum(ctx.res, x.fault);
  if (cutsBody(x.fault)) sendPart(ctx.res, x.file ?? ctx.body, x.fault).catch(() => ctx.res.destroy());
}

const logged = ({ op: action, oss, verdict, auth = verdict?.outcome, process, code, fault }: Exchange) => ({
  ...(action === undefined ? {} : { action }),
  ...(auth === undefined ? {} : { auth }),
  ...(process === undefined ? {} : { process }),
  ...(code === undefined ? {} : { code }),
  ...(oss.namespace === '' ? {} : { namespace: oss.namespace }),
  ...(fault === undefined ? {} : { fault: fault.number }),
});

function record(ctx: Koa.Context, x: Exchange, status: number, ms: number): void {
  const { journal, tally, events, metrics } = x.oss;
  if (!x.console) tally.add(status);
  const bytesIn = Number(ctx.get('content-length')) || undefined;
  const bytesOut = x.cut || ctx.method === 'HEAD' ? 0 : ctx.response.length;
  const noted: Omit<Entry, 'seq'> = {
    time: x.came.toISOString(),
    requestId: x.id,
    method: ctx.method,
    host: ctx.get('host'),
    path: ctx.req.url ?? '',
    ...defined({ op: x.op, bucket: x.bucket || undefined, key: x.key || undefined, process: x.process }),
    status,
    ...defined({ code: x.code, ec: x.ec }),
    ms,
    ...defined({ bytesIn, bytesOut }),
    auth: x.auth === undefined ? authNote(x.verdict, diagnosed(x)) : { outcome: x.auth },
    ...defined({ fault: x.fault?.number, console: x.console }),
  };
  const entry = journal.add(noted, ctx.req.rawHeaders, defined({ faultRule: x.fault?.rule }));
  whenGone(ctx.res, () => {
    const ending = { ms: elapsed(x), complete: ctx.res.writableFinished };
    journal.end(entry.seq, ending, ctx.res.headersSent ? sentHeaders(ctx.res) : []);
    events.tell('request', () => ({ ...entry, ...ending }));
    const seconds = (performance.now() - x.began) / 1000;
    metrics.request({ op: x.op ?? 'none', status, seconds, bytesIn: bytesIn ?? 0, bytesOut: bytesOut ?? 0 });
  });
}

/** When an answer has gone out, or never will. */
function whenGone(res: ServerResponse, then: () => void): void {
  // Of one that waits behind another on its connection only the connection tells that it is over.
  if (res.closed || res.req.socket.destroyed) process.nextTick(then);
  else res.once('close', then);
}

/** That a signature is explained is nothing that a request may fail for. */
function diagnosed(x: Exchange): Diagnosis | undefined {
  try {
    return x.verdict && x.diagnose?.(x.verdict);
  } catch (error) {
    x.oss.log.error({ err: error, id: x.id }, 'a signature could not be explained for a reason of ours');
    return undefined;
  }
}

/** As they were set: Node adds Date and what concerns the connection. */
function sentHeaders(res: ServerResponse): RawHeaders {
  // The types know this of requests alone.
  const names = (res as ServerResponse & Pick<ClientRequest, 'getRawHeaderNames'>).getRawHeaderNames();
  const raw: string[] = [];
  for (const name of names) for (const value of [res.getHeader(name) ?? ''].flat()) raw.push(name, String(value));
  return raw;
}

/** Without the members that are not known. */
function defined<T extends object>(members: T) {
  const known: { [K in keyof T]?: Exclude<T[K], undefined> } = {};
  for (const name of Object.keys(members) as (keyof T)[]) {
    const value = members[name];
    if (value !== undefined) known[name] = value as Exclude<T[keyof T], undefined>;
  }
  return known;
}

/** 24 upper-case hexadecimal digits, the first 8 of them the time in seconds (rule W6). */
export function requestId(): string {
  const seconds = Math.floor(Date.now() / 1000)
    .toString(16)
    .padStart(8, '0');
  // Node keeps random bytes for these in store. Two of its digits are not random: they are left out.
  const uuid = randomUUID();
  return `${seconds}${uuid.slice(0, 8)}${uuid.slice(-8)}`.toUpperCase();
}
