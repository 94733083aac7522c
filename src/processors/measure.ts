/** How large a picture is after each action of a plan, from its header and geometry: nothing is decoded. */
import { withinAsync } from './places.ts';
import type { Call } from './plan.ts';
import { contextFor, extensionOf, type Job, runFiles } from './run.ts';

export interface Measured {
  readonly width: number;
  readonly height: number;
}

export interface Measures {
  /** Absent for what has no size of its own here: video, sound, documents. */
  readonly source?: Measured;
  /** By call; those that have no picture after them have none. */
  readonly after: ReadonlyMap<Call, Measured>;
}

/**
 * Measures a plan on an object.
 * @throws OssError: what the object or its sizes make impossible
 */
export async function measurePlan(job: Job): Promise<Measures> {
  const after = new Map<Call, Measured>();
  const [first] = job.plan.steps;
  const { sizeOf } = first?.family ?? {};
  if (first === undefined || sizeOf === undefined) return { after };
  const files = runFiles(job.root);
  const ctx = { ...contextFor(job, files, () => {}), measures: true as const };
  try {
    const file = files.source(extensionOf(job.from.key));
    const { contentType, etag } = await job.objects.pin(job.from, file);
    let value = await first.family.open({ file, name: job.from.key, contentType, etag }, ctx);
    const source = sizeOf(value);
    // What a step writes for the next one of its family to read keeps its size.
    for (const call of job.plan.steps.flatMap(({ family, calls }) => (family === first.family ? calls : []))) {
      const { operation, params, clauses } = call;
      if (operation.alone) break;
      const input = value;
      const result = await withinAsync(call.written.at, () =>
        operation.run({ input, params, clauses: clauses as readonly never[], ctx }),
      );
      if (Array.isArray(result)) break;
      value = result;
      after.set(call, sizeOf(value));
    }
    return { source, after };
  } finally {
    await files.remove();
  }
}
