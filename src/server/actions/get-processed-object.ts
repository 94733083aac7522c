import { forAnonymous, madeFrom, type Plan } from '../../processors/plan.ts';
import { unwrap } from '../../processors/process-string.ts';
import { contentOf } from '../../processors/run.ts';
import { fail } from '../../store/errors.ts';
import type { StoredObject } from '../../store/objects.ts';
import type { Action, Services } from '../action.ts';
import { enforceKnownCaller } from '../auth/enforce.ts';
import { checkConditions } from '../conditions.ts';
import { commonHeaders, storedHeaders } from '../object-headers.ts';
import { bodyOf, planFor, runWhileWaiting, sourceObject } from '../processing.ts';
import type { Reply } from '../reply.ts';
import type { OssRequest } from '../request.ts';
import getObject from './get-object.ts';

const action: Action = {
  name: 'GetProcessedObject',
  on: { method: 'GET', target: 'object', query: ['x-oss-process'] },
  anonymous: 'read',
  docs: 'https://www.alibabacloud.com/help/en/oss/user-guide/img-implementation-modes',
  // The current version is processed whatever the request says (image.md §13).
  ignores: ['versionId'],
  async run(req, oss) {
    const process = req.query.get('x-oss-process') ?? '';
    // Nothing asked for: the object as it is.
    return process === '' ? getObject.run(req, oss) : processed(req, process, oss);
  },
};

async function processed(req: OssRequest, process: string, oss: Services): Promise<Reply> {
  if (hasBody(req)) fail('InvalidArgument', { message: 'The request body must be empty.', ec: '0017-00000506' });
  const bucket = oss.store.buckets.need(req.bucket);
  const { text, onlyIfMissing } = unwrap(process);
  const isThere = oss.store.objects.get(bucket, req.key) !== undefined;
  if (onlyIfMissing && isThere) return getObject.run(req, oss);
  const plan = planFor(text, 'get', bucket, oss);
  await req.planned(plan);
  if (oss.settings.auth === 'strict' && !forAnonymous(plan)) enforceKnownCaller(req.auth);
  if (madeFrom(plan) !== undefined) {
    if (!isThere) await make(req, plan, oss);
    return getObject.run(req, oss);
  }
  const stored = sourceObject(req, bucket, 'get', oss);
  // ETag, dates and conditions are those of the stored object (image.md §14).
  if (checkConditions(req.header, stored) === 'unchanged') return { status: 304, headers: commonHeaders(stored) };
  const earlier = await oss.results.find(stored.blob, plan.process);
  oss.metrics.cache(earlier === undefined ? 'miss' : 'hit');
  if (earlier !== undefined) {
    const { handle, size, contentType } = earlier;
    return {
      status: 200,
      headers: headersOf(req, stored, contentType),
      body: { handle, pieces: [{ start: 0, end: size - 1 }] },
    };
  }
  return runWhileWaiting(req, plan, oss, async ([artifact], source, _, { alone }) => {
    if (artifact === undefined) throw new Error(`${process} made nothing`);
    const { contentType } = artifact;
    if (alone && 'bytes' in artifact) {
      // Beside the answer; that it could not be kept is nothing the client must know.
      oss.results.keep(source.blob, plan.process, artifact.bytes, contentType).catch((error: unknown) => {
        if (!oss.closing.aborted) oss.log.warn({ err: error }, 'a result could not be kept');
      });
    }
    return { status: 200, headers: headersOf(req, source, contentType), body: await bodyOf(artifact) };
  });
}

/** Makes the object that is asked for. */
async function make(req: OssRequest, plan: Plan, oss: Services): Promise<void> {
  await runWhileWaiting(req, plan, oss, async ([artifact]) => {
    if (artifact === undefined) throw new Error(`${plan.process} made nothing`);
    await oss.objects.put({ bucket: req.bucket, key: req.key }, contentOf(artifact, req.key), artifact.contentType);
  });
}

/** OSS's page on this mistake shows neither Code nor Message: both are assumed (documents-styles-tasks.md §3.5). */
const hasBody = (req: OssRequest): boolean =>
  Number(req.header('content-length') ?? 0) > 0 || req.header('transfer-encoding') !== undefined;

function headersOf(req: OssRequest, source: StoredObject, contentType: string): Record<string, string> {
  const { 'Content-Encoding': _, ...kept } = storedHeaders(source, req.query);
  return {
    ...kept,
    ...commonHeaders(source),
    'Content-Type': req.query.get('response-content-type') || contentType,
  };
}

export default action;
