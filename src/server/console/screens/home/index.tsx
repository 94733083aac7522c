/** Where one begins: how to connect, what is there, what happened last. */
import { Page } from '../../ui/basics.tsx';
import { Connect } from './connect.tsx';
import { CountsStrip } from './counts.tsx';
import { Engines } from './engines.tsx';
import { LastRequests, LastTasks } from './last.tsx';
import { useCounts } from './load.ts';
import { FirstSteps } from './steps.tsx';
import { w } from './words.ts';

export function Home() {
  const counts = useCounts();
  const isEmpty = counts.value?.buckets === 0;
  return (
    <Page title={w().title}>
      {isEmpty ? <FirstSteps /> : <CountsStrip counts={counts} />}
      <div class="home-columns">
        <Connect />
        <div>
          <LastRequests />
          <LastTasks />
        </div>
      </div>
      <Engines />
    </Page>
  );
}
