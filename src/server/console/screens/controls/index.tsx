/** What can be changed in a running server: failures on demand, the time, its content, styles. */
import type { ComponentType } from 'preact';
import { place, stay } from '../../app/route.ts';
import { Page, Tabs } from '../../ui/basics.tsx';
import { Clock } from './clock.tsx';
import { Faults } from './faults/index.tsx';
import { Reset } from './reset.tsx';
import { Styles } from './styles/index.tsx';
import { w } from './words.ts';

const tabs: Readonly<Record<'faults' | 'clock' | 'reset' | 'styles', ComponentType>> = {
  faults: Faults,
  clock: Clock,
  reset: Reset,
  styles: Styles,
};
const names = Object.keys(tabs) as (keyof typeof tabs)[];

export function Controls() {
  const chosen = names.find((name) => name === place.value.params.tab) ?? 'faults';
  const Chosen = tabs[chosen];
  return (
    <Page title={w().title}>
      <Tabs
        label={w().title}
        tabs={names.map((name) => [name, w().tabs[name]] as const)}
        chosen={chosen}
        onChoose={(tab) => stay({ tab, edit: '' }, { step: true })}
      >
        <Chosen />
      </Tabs>
    </Page>
  );
}
