import { fail } from '../../store/errors.ts';
import type { Action } from '../action.ts';
import inventory from '../configurations/inventory.ts';
import { helpPage } from '../describe.ts';
import { contentOf, readXml } from '../xml.ts';

/** As many as OSS shows at once. */
const PAGE = 100;

const action: Action = {
  name: 'ListBucketInventory',
  on: { method: 'GET', target: 'bucket', query: [inventory.key] },
  docs: helpPage('ListBucketInventory'),
  tier: 2,
  async run(req, { store }) {
    // A token is the id of the last one shown, as the Go SDK's test finds it.
    const asked = req.query.get('continuation-token') || undefined;
    const all = store.configurations.list(store.buckets.need(req.bucket), inventory.key);
    // None is an error, as the Python SDK's test finds it.
    if (all.length === 0) fail('NoSuchInventory');
    const behind =
      asked === undefined ? all : all.filter(({ id }) => Buffer.compare(Buffer.from(id), Buffer.from(asked)) > 0);
    const page = behind.slice(0, PAGE);
    const truncated = behind.length > PAGE;
    const token = truncated ? page.at(-1)?.id : undefined;
    const found = page.map(({ content }) => [inventory.root, contentOf(readXml(content, inventory.root))] as const);
    return {
      status: 200,
      body: {
        xml: [
          'ListInventoryConfigurationsResult',
          [
            ...found,
            ['IsTruncated', String(truncated)],
            ['ContinuationToken', asked],
            ['NextContinuationToken', token],
          ],
        ],
      },
    };
  },
};

export default action;
