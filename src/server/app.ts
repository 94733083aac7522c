/** The Koa application: what every request goes through, in order. */
import { randomBytes } from 'node:crypto';
import type { IncomingMessage, ServerResponse } from 'node:http';
import Koa from 'koa';
import { OssError } from '../store/errors.ts';
import { checkKey } from '../store/names.ts';
import type { Action, Services } from './action.ts';
import { enforceAcl, enforceSignature, type Subject } from './auth/enforce.ts';
import { authenticate } from './auth/index.ts';
import { answerControl, isControl } from './control/index.ts';
import type { Route } from './control/route.ts';
import { send, sendError } from './reply.ts';
import {
  type Address,
  type Hosts,
  headerReader,
  type OssRequest,
  parseTarget,
  resolveAddress,
  type Target,
} from './request.ts';
import { route } from './router.ts';

/** What the log says of a request beside method, path and status. */
interface Note {
  action?: string;
  code?: string;
  auth?: string;
  process?: string;
}

/** Builds the request handler of one instance. */
export function createApp(
  oss: Services,
  actions: readonly Action[],
  routes: readonly Route[],
): (req: IncomingMessage, res: ServerResponse) => void {
  const { settings, store } = oss;
  const hosts: Hosts = {
    names: settings.hosts,
    bucketExists: (name) => store.buckets.get(name) !== undefined,
    keyExists: (name, prefix) => {
      const first = { prefix, delimiter: '', after: '', skipGroup: false, limit: 1 };
      return store.list(store.buckets.need(name).id, first).objects.length > 0;
    },
  };
  const app = new Koa();
  // Clients that hang up end here, and are no news: Koa reports each as an error.
  app.silent = true;
  app.use(async (ctx) => {
    const started = performance.now();
    const id = requestId();
    const note: Note = {};
    ctx.set({ Server: 'AliyunOSS', 'x-oss-request-id': id });
    try {
      await answer(ctx, id, note);
    } catch (error) {
      refuse(ctx, error, id, note);
    }
    const ms = Math.round(performance.now() - started);
    if (note.code === undefined) ctx.set('x-oss-server-time', String(ms));
    const { method, url, status } = ctx;
    oss.log.info({ method, host: ctx.get('host'), url, status, ms, ...note }, 'request');
  });

  async function answer(ctx: Koa.Context, id: string, note: Note): Promise<void> {
    const target = parseTarget(ctx.req.url ?? '/');
    const readings = resolveAddress(ctx.get('host'), target.path, hosts);
    if (isControl(readings[0])) {
      note.action = 'control';
      return send(ctx, await answerControl(ctx.req, readings[0], target, routes, oss));
    }
    const req = requestOf(ctx, id, target, readings);
    note.auth = req.auth.outcome;
    if (settings.auth !== 'off') ctx.set('x-ossite-auth', req.auth.outcome);
    const process = target.query.get('x-oss-process');
    if (process) note.process = process;
    if (settings.auth === 'strict') enforceSignature({ ...req, pairs: target.pairs }, req.auth, new Date());
    const action = route(actions, req);
    note.action = action.name;
    if (req.target === 'object') checkKey(req.key);
    if (settings.auth === 'strict' && req.auth.outcome === 'anonymous') enforceAcl(action, () => subjectOf(req));
    send(ctx, await action.run(req, oss));
  }

  function requestOf(
    ctx: Koa.Context,
    id: string,
    target: Target,
    readings: readonly [Address, ...Address[]],
  ): OssRequest {
    const reader = headerReader(ctx.req);
    const { method } = ctx;
    const read = readings.map((address) => {
      const signed = { method, ...address, pairs: target.pairs, ...reader };
      return { address, auth: authenticate(signed, settings) };
    });
    // Where a request can be read in two ways, the one whose signature is right is meant.
    const { address, auth } = read.find((one) => one.auth.outcome === 'ok') ?? (read[0] as (typeof read)[number]);
    return {
      ...address,
      ...reader,
      id,
      method,
      host: ctx.get('host'),
      query: target.query,
      body: ctx.req,
      signal: leaving(ctx.res),
      auth,
    };
  }

  /** @throws NoSuchBucket: a missing bucket is told before its ACL could be asked */
  function subjectOf(req: OssRequest): Subject {
    const bucket = store.buckets.need(req.bucket);
    return { bucket, object: req.target === 'object' ? store.objects.get(bucket, req.key) : undefined };
  }

  function refuse(ctx: Koa.Context, error: unknown, id: string, note: Note): void {
    const known = error instanceof OssError;
    const shown = known ? error : new OssError('InternalError', { cause: error });
    note.code = shown.code;
    // A client that left makes whatever was going on fail; only what fails for those still here is our fault.
    const gone = ctx.res.destroyed || oss.closing.aborted;
    if (!known && !gone) oss.log.error({ err: error, id, url: ctx.url }, 'a request failed for a reason of ours');
    // Node reads what is left of a refused body and drops it: a client that is still sending can read the answer.
    sendError(ctx, shown, id, ctx.get('host'));
  }

  return app.callback();
}

/** 24 upper-case hexadecimal digits, the first 8 of them the time in seconds (rule W6). */
function requestId(): string {
  const seconds = Math.floor(Date.now() / 1000)
    .toString(16)
    .padStart(8, '0');
  return `${seconds}${randomBytes(8).toString('hex')}`.toUpperCase();
}

/** A signal that fires when the client leaves before the answer is complete. */
function leaving(res: ServerResponse): AbortSignal {
  const controller = new AbortController();
  res.once('close', () => {
    if (!res.writableFinished) controller.abort(new Error('the client left'));
  });
  return controller.signal;
}
