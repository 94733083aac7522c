/** What a process string means, and what it would do to an object, without doing it (POST /_ossite/explain). */
import { type Measures, measurePlan } from '../processors/measure.ts';
import { type Call, madeFrom, type Plan, type Via } from '../processors/plan.ts';
import { unwrap } from '../processors/process-string.ts';
import type { Template } from '../processors/variables.ts';
import { OssError } from '../store/errors.ts';
import type { Services } from './action.ts';
import { checkNames, mustBeThere, planFor } from './processing.ts';

export interface Question {
  readonly process: string;
  readonly mode: Via;
  readonly bucket?: string;
  /** Only with a bucket. */
  readonly key?: string;
}

/** Seconds that reading a header may take. */
const DEADLINE = 30;

/** @returns the plan, stage by stage, or the error that the service would give */
export async function explain(question: Question, oss: Services): Promise<object> {
  try {
    const plan = planOf(question, oss);
    return described(plan, question, await measuresOf(plan, question, oss));
  } catch (error) {
    if (!(error instanceof OssError)) throw error;
    const { code, message, status, ec, elements } = error;
    return { error: { status, code, message, ...(ec === undefined ? {} : { ec }), ...elements } };
  }
}

/** In the order in which the service finds mistakes. @throws OssError */
function planOf({ process, mode, bucket: name, key }: Question, oss: Services): Plan {
  const text = mode === 'get' ? unwrap(process).text : process.trimEnd();
  const bucket = name === undefined ? undefined : oss.store.buckets.need(name);
  if (bucket === undefined || key === undefined || mode === 'get') {
    const plan = planFor(text, mode, bucket, oss);
    // What is made on demand need not be there.
    if (bucket !== undefined && key !== undefined && madeFrom(plan) === undefined) mustBeThere(key, bucket, mode, oss);
    return plan;
  }
  mustBeThere(key, bucket, mode, oss);
  const plan = planFor(text, mode, bucket, oss);
  checkNames(plan, mode, bucket, oss.store.objects.source(bucket, key), oss);
  return plan;
}

async function measuresOf(plan: Plan, { bucket, key }: Question, oss: Services): Promise<Measures> {
  if (bucket === undefined || key === undefined) return { after: new Map() };
  const { objects, engines, closing, store } = oss;
  const signal = AbortSignal.any([closing, AbortSignal.timeout(DEADLINE * 1000)]);
  return measurePlan({ plan, from: { bucket, key }, started: new Date(), objects, engines, signal, root: store.temp });
}

function described({ process, steps, saveas, notify, warnings }: Plan, { mode }: Question, measures: Measures) {
  const stages = steps.flatMap(({ family, calls }) =>
    calls.map((call) => {
      const size = measures.after.get(call);
      const action = `${family.name}/${call.operation.name}`;
      return { action, ...told(call), ...(size === undefined ? {} : { size }) };
    }),
  );
  return {
    mode,
    process,
    ...(measures.source === undefined ? {} : { source: measures.source }),
    stages,
    ...(saveas === undefined
      ? {}
      : { saveas: { key: textOf(saveas.key), ...(saveas.bucket && { bucket: textOf(saveas.bucket) }) } }),
    ...(notify === undefined ? {} : { notify }),
    warnings,
  };
}

/** Defaults are filled in: these are the values that it works with. */
const told = ({ operation, params, clauses }: Call) => ({
  params,
  ...(clauses.length === 0 ? {} : { clauses }),
  fidelity: operation.fidelity.level,
});

const textOf = (template: Template): string =>
  template.map((part) => ('text' in part ? part.text : `{${part.variable}}`)).join('');
