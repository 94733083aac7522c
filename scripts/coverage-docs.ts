/** The page that tells which operations of OSS there are: derived from what the router knows (docs/coverage.md). */
import type { Action } from '../src/server/action.ts';

type Table = (head: readonly string[], rows: readonly (readonly string[])[]) => string;

const tiers = [
  [1, 'Tier 1: what applications call every day'],
  [2, 'Tier 2: configurations and what is called now and then'],
  [3, 'Tier 3: rare'],
] as const;

/** `GET /bucket/key?acl` */
export function requestOf({ on }: Pick<Action, 'on'>): string {
  const path = { service: '/', bucket: '/bucket', object: '/bucket/key' }[on.target];
  const query = on.query === undefined ? '' : `?${on.query.join('&')}`;
  const header = on.header === undefined ? '' : ` with \`${on.header}\``;
  return `\`${on.method} ${path}${query}\`${header}`;
}

const levels = ['full', 'stored', 'refused'] as const;

const levelOf = ({ coverage }: Pick<Action, 'coverage'>): (typeof levels)[number] => coverage?.level ?? 'full';

/** How many operations there are of each kind, in words that every language reads: for the README. */
export function coverageCounts(actions: readonly Action[], table: Table): string {
  const names = (level: string, tier: number) =>
    new Set(actions.filter((one) => levelOf(one) === level && (one.tier ?? 1) === tier).map(({ name }) => name)).size;
  const rows = tiers.map(([tier]) => [`Tier ${tier}`, ...levels.map((level) => String(names(level, tier)))]);
  return table(['', ...levels], rows);
}

export function coveragePage(actions: readonly Action[], table: Table): string {
  const parts = tiers.map(([tier, title]) => {
    const names = [...new Set(actions.filter((action) => (action.tier ?? 1) === tier).map(({ name }) => name))];
    const rows = names.toSorted().map((name) => {
      const all = actions.filter((action) => action.name === name);
      const [first] = all;
      if (first === undefined) throw new Error(`${name} is no action`);
      return [
        `[${name}](${first.docs})`,
        all.map(requestOf).join('<br>'),
        levelOf(first),
        first.coverage?.because ?? '',
      ];
    });
    return `## ${title}\n\n${table(['operation', 'request', 'coverage', 'what is missing'], rows)}`;
  });
  return parts.join('\n\n');
}
