/** What a process string means, and what it would do to an object, without doing it (POST /_ossite/explain). */

import { type Measures, measurePlan } from '../processors/measure.ts';
import { placeOf, type Span } from '../processors/places.ts';
import { type Call, madeFrom, type Plan, type Via } from '../processors/plan.ts';
import { type Action, unwrap } from '../processors/process-string.ts';
import type { ObjectRef } from '../processors/run.ts';
import { previewOf } from '../processors/saving.ts';
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
  const shift = question.mode === 'get' ? Math.max(0, question.process.indexOf(unwrap(question.process).text)) : 0;
  const shown = ({ start, end }: Span) => ({ start: start + shift, end: end + shift });
  try {
    const plan = planOf(question, oss);
    const preview = namesOf(plan, question, oss);
    return described(plan, question, { ...(await measuresOf(plan, question, oss)), preview }, shown);
  } catch (error) {
    if (!(error instanceof OssError)) throw error;
    const { code, message, status, ec, elements } = error;
    const at = placeOf(error);
    const where = at === undefined ? {} : { at: shown(at) };
    return { error: { status, code, message, ...(ec === undefined ? {} : { ec }), ...elements, ...where } };
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

/** Where the first output would go, as if the request came now. */
function namesOf(plan: Plan, { bucket: name, key }: Question, { store }: Services): ObjectRef | undefined {
  if (name === undefined || key === undefined) return undefined;
  const source = store.objects.get(store.buckets.need(name), key);
  if (source === undefined) return undefined;
  const { contentType, modified: uploaded } = source;
  return previewOf(plan, { bucket: name, key, contentType, uploaded, started: new Date() });
}

interface Known extends Measures {
  readonly preview: ObjectRef | undefined;
}

function described(
  { process, steps, saveas, notify, warnings }: Plan,
  { mode }: Question,
  { preview, ...measures }: Known,
  shown: (span: Span) => Span,
) {
  const stages = steps.flatMap(({ family, calls }) =>
    calls.map((call) => {
      const size = measures.after.get(call);
      const action = `${family.name}/${call.operation.name}`;
      return { action, ...told(call, shown), ...(size === undefined ? {} : { size }) };
    }),
  );
  return {
    mode,
    process,
    ...(measures.source === undefined ? {} : { source: measures.source }),
    stages,
    ...(saveas === undefined
      ? {}
      : {
          saveas: {
            key: textOf(saveas.key),
            ...(saveas.bucket && { bucket: textOf(saveas.bucket) }),
            ...(saveas.written && { at: shown(saveas.written.at) }),
            ...(preview === undefined ? {} : { preview }),
          },
        }),
    ...(notify === undefined ? {} : { notify }),
    warnings,
  };
}

/** Defaults are filled in: these are the values that it works with. */
const told = ({ operation, params, clauses, written }: Call, shown: (span: Span) => Span) => ({
  params,
  ...asWritten(written, shown),
  ...(clauses.length === 0
    ? {}
    : { clauses: clauses.map((one) => ({ name: one.name, params: one.params, ...asWritten(one.written, shown) })) }),
  fidelity: operation.fidelity.level,
});

/** Names are empty where a value stands alone. What a style has in it stands where the style is named. */
const asWritten = ({ tokens, at, style }: Action, shown: (span: Span) => Span) => ({
  at: shown(at),
  written: tokens.map(({ key = '', value }) => [key, value]),
  ...(style === undefined ? {} : { style }),
});

const textOf = (template: Template): string =>
  template.map((part) => ('text' in part ? part.text : `{${part.variable}}`)).join('');
