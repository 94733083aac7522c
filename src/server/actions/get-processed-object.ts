import { forAnonymous } from '../../processors/plan.ts';
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
  const bucket = oss.store.buckets.need(req.bucket);
  const stored = sourceObject(req, bucket, 'get', oss);
  const plan = planFor(process, 'get', bucket, oss);
  if (oss.settings.auth === 'strict' && !forAnonymous(plan)) enforceKnownCaller(req.auth);
  // ETag, dates and conditions are those of the stored object (image.md §14).
  if (checkConditions(req.header, stored) === 'unchanged') return { status: 304, headers: commonHeaders(stored) };
  const earlier = await oss.results.find(stored.blob, plan.process);
  if (earlier !== undefined) {
    const { handle, size, contentType } = earlier;
    return { status: 200, headers: headersOf(req, stored, contentType), body: { handle, start: 0, end: size - 1 } };
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

function headersOf(req: OssRequest, source: StoredObject, contentType: string): Record<string, string> {
  const { 'Content-Encoding': _, ...kept } = storedHeaders(source, req.query);
  return {
    ...kept,
    ...commonHeaders(source),
    'Content-Type': req.query.get('response-content-type') || contentType,
  };
}

export default action;
