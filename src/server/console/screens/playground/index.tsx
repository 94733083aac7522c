/**
 * The playground: an object, a process string built by clicking or by hand, and what each of its stages makes. Object and
 * string stand in the address, so that what one sees can be sent to somebody.
 */
import { useEffect } from 'preact/hooks';
import { href, place, stay } from '../../app/route.ts';
import { Empty, Failed, Loading, Page, Shown } from '../../ui/basics.tsx';
import { useLoaded } from '../../ui/use.ts';
import { Actions } from './actions.tsx';
import { CallCode } from './code.tsx';
import { Result } from './compare.tsx';
import { useExplained } from './explained.ts';
import { ProcessField } from './process-field.tsx';
import { Run } from './run.tsx';
import { Save } from './save.tsx';
import { firstObject, Source } from './source.tsx';
import { originalOf, useStages } from './stages.ts';
import { bucket, chain, isAsync, key, loadOperations } from './state.ts';
import { Strip } from './strip.tsx';
import { w } from './words.ts';

function Table() {
  const explained = useExplained();
  const verdict = explained.value;
  const of = { bucket: bucket.value, key: key.value };
  const original = useLoaded(() => originalOf(of), [of.bucket, of.key]);
  const results = useStages();
  const { stages } = chain.value;
  // What one waits for are the stages: a large original is drawn behind them.
  const isFirst = results.some((result) => result === undefined);
  const drawn = original.value && isFirst ? { ...original.value, url: undefined } : original.value;
  const chosen = Math.min(Number(place.value.params.stage) || stages.length, stages.length);
  return (
    <>
      <Source original={original.value} size={verdict?.source} />
      <ProcessField verdict={verdict} />
      {original.error && <Failed error={original.error} onRetry={original.reload} />}
      {!isAsync.value && (
        <Strip
          original={drawn}
          results={results}
          sizes={verdict?.stages ?? []}
          source={verdict?.source}
          chosen={chosen}
        />
      )}
      <div class="table">
        <Actions type={original.value?.type ?? ''} />
        <div class="seen">
          {isAsync.value ? (
            <Run verdict={verdict} />
          ) : (
            stages.length > 0 && <Result original={drawn} result={results[chosen - 1]} />
          )}
        </div>
      </div>
      {stages.length > 0 && <Save verdict={verdict} />}
      <CallCode />
    </>
  );
}

/** Nobody has chosen anything: something is. */
function Beginning() {
  const first = useLoaded((signal) => firstObject(signal), []);
  useEffect(() => {
    if (first.value !== undefined) stay(first.value);
  }, [first.value]);
  if (first.error) return <Failed error={first.error} onRetry={first.reload} />;
  if (first.loading || first.value !== undefined) return <Loading />;
  return (
    <Empty title={w().nothing}>
      <p>
        <a class="button" href={href('objects')}>
          {w().upload}
        </a>
      </p>
    </Empty>
  );
}

export function Playground() {
  const registry = useLoaded(async () => {
    await loadOperations();
    return true;
  }, []);
  return (
    <Page title={w().title}>
      <Shown loaded={registry}>{() => (bucket.value === '' || key.value === '' ? <Beginning /> : <Table />)}</Shown>
    </Page>
  );
}
