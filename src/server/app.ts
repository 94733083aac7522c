/** The Koa application: what every request goes through, in order. */
import type { IncomingMessage, ServerResponse } from 'node:http';
import Koa from 'koa';
import { OssError } from '../store/errors.ts';
import { checkKey } from '../store/names.ts';
import type { Action } from './action.ts';
import { enforceAnonymous } from './auth/anonymous.ts';
import { readCredentials } from './auth/credentials.ts';
import { diagnose } from './auth/diagnosis/index.ts';
import { enforceSignature, refuseS3 } from './auth/enforce-signature.ts';
import { authenticate, type Verdict } from './auth/index.ts';
import { refuseServiceWorker, sandboxed } from './browsers.ts';
import { isKeyAddress, keyReply } from './callback/index.ts';
import { answerControl, type Control, isControl } from './control/index.ts';
import { corsHeaders } from './cors.ts';
import { beginExchange, conclude, type Exchange, keyed, planned, strike } from './exchange.ts';
import { ConnectionReset, FaultError } from './faults/strike.ts';
import { type FileBody, sendFile } from './file-body.ts';
import { hostsOf } from './hosts.ts';
import type { ImmAction } from './imm/call.ts';
import { answerImm } from './imm/index.ts';
import { readImmRequest } from './imm/request.ts';
import { callerOf } from './imm/signature.ts';
import type { Namespaces } from './namespaces.ts';
import { enforceReferer } from './referer.ts';
import { send, sendError } from './reply.ts';
import {
  type Address,
  headerReader,
  type OssRequest,
  parseTarget,
  resolveAddress,
  serviceHost,
  type Target,
} from './request.ts';
import { routerOf } from './router.ts';
import { resolveStyle } from './style-delimiters.ts';
import { visit } from './website/index.ts';
import { toHeader } from './wire.ts';

/** By it the console marks its requests of OSS. It means nothing else: to signatures it is a key like any other. */
const CONSOLE_KEY = 'x-ossite-console';

/** Builds the request handler of one instance. */
export function createApp(
  namespaces: Namespaces,
  actions: readonly Action[],
  control: Control,
  immActions: readonly ImmAction[],
): (req: IncomingMessage, res: ServerResponse) => void {
  const { settings } = namespaces.usual;
  const { route, isForm } = routerOf(actions);
  const app = new Koa();
  // Clients that hang up end here, and are no news: Koa reports each as an error.
  app.silent = true;
  app.use(async (ctx) => {
    const x = beginExchange(namespaces.usual);
    ctx.set({ Server: 'AliyunOSS', 'x-oss-request-id': x.id });
    // The Python SDK sends what it signed, a length as well, with a GET that has no body: its next request would be taken for it.
    if (['GET', 'HEAD'].includes(ctx.method) && Number(ctx.get('content-length')) > 0) ctx.set('Connection', 'close');
    try {
      x.file = await answer(ctx, x);
    } catch (error) {
      refuse(ctx, error, x);
    }
    shield(ctx, x);
    conclude(ctx, x);
    if (x.file === undefined || ctx.respond === false) return;
    ctx.respond = false;
    void sendFile(ctx.res, x.file);
  });

  async function answer(ctx: Koa.Context, x: Exchange): Promise<FileBody | undefined> {
    const target = parseTarget(ctx.req.url ?? '/');
    const host = target.host ?? ctx.get('host');
    if (target.query.has(CONSOLE_KEY)) x.console = true;
    const reader = headerReader(ctx.req);
    x.oss = await namespaces.of(readCredentials({ ...reader, pairs: target.pairs })?.accessKeyId ?? '');
    if (isKeyAddress(host, target.path)) {
      x.op = 'control';
      return send(ctx, await keyReply(namespaces.usual));
    }
    const hosts = hostsOf(x.oss);
    const readings = resolveAddress(host, target.path, hosts);
    const ownHost = serviceHost(host, hosts);
    if (isControl(readings[0])) {
      x.op = 'control';
      const takes = (coding: string) => ctx.acceptsEncodings(coding) === coding;
      const caller = { message: ctx.req, target, host, ownHost, takes };
      return send(ctx, await answerControl(readings[0], caller, control, namespaces));
    }
    if (ownHost !== undefined) refuseServiceWorker(reader.header);
    if (control.console !== undefined && isVisitor(ctx, target, readings)) {
      x.op = 'control';
      return send(ctx, {
        status: 302,
        headers: { Location: '/_ossite/', Vary: 'Accept', 'Cache-Control': 'no-store' },
      });
    }
    const call = await readImmRequest(ctx.req, readings[0], target);
    if (call !== undefined) {
      x.oss = await namespaces.of(callerOf(call));
      // What a client makes up is no name of an operation.
      if (immActions.some(({ name }) => name === call.action)) x.op = call.action;
      const struck = (op: string) => strike(x, { op, bucket: '', key: '' }, leaving(ctx.res));
      const { reply, ...told } = await answerImm(call, host, immActions, x.oss, struck);
      Object.assign(x, told);
      return send(ctx, reply);
    }
    const { oss } = x;
    const { store } = oss;
    refuseS3({ ...reader, pairs: target.pairs });
    const authenticated = (verdict: Verdict) => {
      x.verdict = verdict;
      // A form says in its body whose it is.
      x.oss = namespaces.opened(verdict.accessKeyId) ?? x.oss;
      if (settings.auth !== 'off') ctx.set('x-ossite-auth', verdict.outcome);
    };
    const { signal, ...told } = requestOf(ctx, x.id, target, readings);
    const sent: OssRequest = {
      ...{ ...told, signal, host, authenticated },
      keyed: (key) => keyed(x, key, signal),
      planned: (plan) => planned(x, plan, signal),
    };
    authenticated(sent.auth);
    x.diagnose = (verdict) => diagnose({ ...sent, pairs: target.pairs }, verdict, settings, x.came);
    Object.assign(x, { bucket: sent.bucket, key: sent.key });
    const req = resolveStyle(sent, store);
    const process = req.query.get('x-oss-process');
    if (process) x.process = process;
    for (const [name, value] of Object.entries(corsHeaders(req, store, settings))) ctx.set(name, toHeader(value));
    // Browsers ask before they send, and sign nothing then, whatever the URL says.
    const strict = settings.auth === 'strict' && req.method !== 'OPTIONS';
    const needBucket = () => {
      if (req.target !== 'service' && route(req).withoutBucket === undefined) store.buckets.need(req.bucket);
    };
    const here = { now: new Date(), region: settings.region, needBucket };
    if (strict && !isForm(req)) enforceSignature({ ...sent, pairs: target.pairs }, sent.auth, here);
    const perform = async (asked: OssRequest) => {
      const action = route(asked);
      x.op = action.name;
      if (action.signedInBody === undefined)
        await strike(x, { op: action.name, bucket: asked.bucket, key: asked.key }, asked.signal);
      enforceReferer(asked, store);
      if (strict && asked.auth.outcome === 'anonymous' && action.signedInBody === undefined)
        enforceAnonymous(action, asked, store);
      // Before anything about the request is (rest-core.md §1.0).
      if (asked.target !== 'service' && action.withoutBucket === undefined) store.buckets.need(asked.bucket);
      if (asked.target === 'object') checkKey(asked.key);
      return action.run(asked, oss);
    };
    return send(ctx, await visit(req, store, perform));
  }

  function requestOf(
    ctx: Koa.Context,
    id: string,
    target: Target,
    readings: readonly [Address, ...Address[]],
  ): Omit<OssRequest, 'host' | 'authenticated' | 'keyed' | 'planned'> {
    const reader = headerReader(ctx.req);
    const { method } = ctx;
    const read = readings.map((address) => {
      const signed = { method, ...address, pairs: target.pairs, ...reader };
      return { address, auth: authenticate(signed, settings) };
    });
    // Where a request can be read in two ways, the one whose signature is right is meant.
    const right = read.find((one) => one.auth.check?.right === true);
    const { address, auth } = right ?? (read[0] as (typeof read)[number]);
    const otherwise = right === undefined ? read.slice(1).flatMap((one) => one.auth.check ?? []) : [];
    return {
      ...address,
      ...reader,
      id,
      method,
      query: target.query,
      body: ctx.req,
      signal: leaving(ctx.res),
      auth: otherwise.length === 0 ? auth : { ...auth, otherwise },
    };
  }

  function refuse(ctx: Koa.Context, error: unknown, x: Exchange): void {
    if (error instanceof ConnectionReset) {
      x.cut = true;
      return;
    }
    const known = error instanceof OssError || error instanceof FaultError;
    const shown = known ? error : new OssError('InternalError', { cause: error });
    Object.assign(x, { code: shown.code, ec: shown.ec });
    // A client that left makes whatever was going on fail; only what fails for those still here is our fault.
    const gone = ctx.res.destroyed || x.oss.closing.aborted;
    const { id, oss } = x;
    if (!known && !gone) oss.log.error({ err: error, id, url: ctx.url }, 'a request failed for a reason of ours');
    // Node reads what is left of a refused body and drops it: a client that is still sending can read the answer.
    sendError(ctx, shown, id, ctx.get('host'));
  }

  const handle = app.callback();
  return (req, res) => {
    tellWaiting(req, res);
    handle(req, res);
  };
}

/**
 * A client that sends the next request before it has the answer to the last, and leaves: Node tells the answer that is on the
 * connection, and not those that wait for it.
 */
function tellWaiting(req: IncomingMessage, res: ServerResponse): void {
  req.once('close', () => {
    if (req.socket.destroyed && res.socket === null && !res.writableFinished) res.emit('close');
  });
}

/** A browser that opens the service's own address, to look. */
const isVisitor = (ctx: Koa.Context, { query }: Target, readings: readonly Address[]): boolean =>
  ctx.method === 'GET' &&
  readings.length === 1 &&
  readings[0]?.target === 'service' &&
  query.size === 0 &&
  ctx.get('authorization') === '' &&
  [ctx.accepts()].flat()[0] === 'text/html';

/** Where an answer would have the console's origin a browser shows it apart; under a bucket's own host it may be all it is. */
function shield(ctx: Koa.Context, x: Exchange): void {
  if (x.op === 'control') return;
  const said = (name: string) => String(ctx.res.getHeader(name) ?? '');
  const { header } = headerReader(ctx.req);
  const policy = sandboxed(header, said('content-type'), said('content-security-policy'));
  if (policy === undefined) return;
  const host = parseTarget(ctx.req.url ?? '/').host ?? ctx.get('host');
  if (serviceHost(host, hostsOf(x.oss)) !== undefined) ctx.set('Content-Security-Policy', policy);
}

/** A signal that fires when the client leaves before the answer is complete. */
function leaving(res: ServerResponse): AbortSignal {
  const controller = new AbortController();
  res.once('close', () => {
    if (!res.writableFinished) controller.abort(new Error('the client left'));
  });
  return controller.signal;
}
