import { save, savedReply } from '../../processors/saving.ts';
import type { Action } from '../action.ts';
import { bodyOf, checkDestination, planFor, processFromBody, runWhileWaiting, sourceObject } from '../processing.ts';

const action: Action = {
  name: 'ProcessObject',
  on: { method: 'POST', target: 'object', query: ['x-oss-process'] },
  docs: 'https://www.alibabacloud.com/help/en/oss/user-guide/sys-or-saveas',
  ignores: ['versionId'],
  async run(req, oss) {
    const process = await processFromBody(req, 'x-oss-process');
    const bucket = oss.store.buckets.need(req.bucket);
    const stored = sourceObject(req, bucket, 'post', oss);
    const plan = planFor(process, 'post', bucket, oss);
    checkDestination(plan, bucket, stored, oss);
    return runWhileWaiting(req, plan, oss, async (artifacts, _source, subject) => {
      const [artifact] = artifacts;
      if (artifact === undefined) throw new Error(`${process} made nothing`);
      if (plan.saveas !== undefined) {
        const saved = await save(artifacts, plan, subject, oss.objects);
        return { status: 200, body: { json: savedReply(plan, saved[0] as (typeof saved)[number]) } };
      }
      return {
        status: 200,
        headers: { 'Content-Type': artifact.contentType },
        body: await bodyOf(artifact),
      };
    });
  },
};

export default action;
