import type { Action } from '../action.ts';
import { readConfiguration } from '../configuration.ts';
import { needed, neededText } from '../configuration-checks.ts';
import { helpPage } from '../describe.ts';
import { coverage, putRule, ruleNamed } from '../replication/rules.ts';

/** Replication time control of a rule that is there. */
const action: Action = {
  name: 'PutBucketRtc',
  on: { method: 'PUT', target: 'bucket', query: ['rtc'] },
  docs: helpPage('PutBucketRtc'),
  tier: 3,
  coverage,
  async run(req, { store }) {
    const root = await readConfiguration(req, 'ReplicationRule');
    const rtc = needed(root, 'RTC');
    const id = neededText(root, 'ID');
    const bucket = store.buckets.need(req.bucket);
    const rule = ruleNamed(store, bucket, id);
    const others = rule.children.filter(({ name }) => name !== 'RTC');
    putRule(store, bucket, id, { ...rule, children: [...others, rtc] });
    return { status: 200 };
  },
};

export default action;
