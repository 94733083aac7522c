import { save, savedReply } from '../../processors/saving.ts';
import type { Action } from '../action.ts';
import { bodyOf, planPost, runWhileWaiting } from '../processing.ts';

const action: Action = {
  name: 'ProcessObject',
  on: { method: 'POST', target: 'object', query: ['x-oss-process'] },
  docs: 'https://www.alibabacloud.com/help/en/oss/user-guide/sys-or-saveas',
  ignores: ['versionId'],
  async run(req, oss) {
    const plan = await planPost(req, 'post', oss);
    return runWhileWaiting(req, plan, oss, async (artifacts, _source, subject) => {
      const [artifact] = artifacts;
      if (artifact === undefined) throw new Error(`${plan.process} made nothing`);
      if (plan.saveas !== undefined) {
        const saved = await save(artifacts, plan, subject, oss.objects);
        const first = saved[0] as (typeof saved)[number];
        return { status: 200, body: { json: artifact.reply?.(first.bucket, first.key) ?? savedReply(plan, first) } };
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
