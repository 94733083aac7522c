/** Failures on demand. */
import { place, stay } from '../../../app/route.ts';
import { Failed, Loading } from '../../../ui/basics.tsx';
import { usePolled } from '../../../ui/calm.ts';
import { Operations } from './fields.tsx';
import { RuleForm } from './form.tsx';
import { RulesAsJson } from './json.tsx';
import { Rules } from './list.tsx';
import { Presets } from './presets.tsx';
import { type FaultList, readFaults } from './rules.ts';

export function Faults() {
  const { value: list, error, refresh } = usePolled(readFaults, 1000);
  if (list === undefined) return error === undefined ? <Loading /> : <Failed error={error} />;
  return (
    <>
      <Operations />
      <div class="fault-columns">
        <Presets rules={list.rules} onChange={refresh} />
        <Rules rules={list.rules} onChange={refresh} />
      </div>
      <Window list={list} onChange={refresh} />
    </>
  );
}

/** What the address says is edited: `new`, `json`, or the number of a rule. */
function Window({ list, onChange }: { readonly list: FaultList; readonly onChange: (list: FaultList) => void }) {
  const { edit } = place.value.params;
  const given = { onChange, onClose: () => stay({ edit: '' }) };
  if (edit === 'new') return <RuleForm {...given} />;
  if (edit === 'json') return <RulesAsJson list={list} {...given} />;
  const number = Number(edit) - 1;
  const rule = list.rules[number];
  return rule === undefined ? null : <RuleForm key={edit} rule={rule} number={number} {...given} />;
}
