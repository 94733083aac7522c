/** Figures for Prometheus (GET /_ossite/metrics). */
import type { Counter, Gauge, Histogram, Registry } from 'prom-client';
import type { TaskState } from '../store/task.ts';

/** One request that was answered. */
export interface RequestFigures {
  readonly op: string;
  readonly status: number;
  readonly seconds: number;
  readonly bytesIn: number;
  readonly bytesOut: number;
}

/** One run of an engine: the work of a family on one source. */
export interface RunFigures {
  readonly family: string;
  readonly outcome: 'ok' | 'failed';
  readonly seconds: number;
}

export interface Metrics {
  request(figures: RequestFigures): void;
  run(figures: RunFigures): void;
  /** A result that was asked for again, or not. */
  cache(result: 'hit' | 'miss'): void;
  /** The page that Prometheus reads. @param tasks how many there are in each state */
  page(tasks: ReadonlyMap<TaskState, number>): Promise<{ readonly text: string; readonly type: string }>;
}

type Recorded = (client: Client) => void;

/** Loading the client library takes 80 ms: it waits until somebody asks, or until so much was recorded. */
const MOST_WAITING = 1000;

/** Those of one instance: all its namespaces. */
export function createMetrics(): Metrics {
  const waiting: Recorded[] = [];
  let client: Client | undefined;
  let loading: Promise<Client> | undefined;

  function load(): Promise<Client> {
    loading ??= openClient().then((opened) => {
      client = opened;
      for (const record of waiting.splice(0)) record(opened);
      return opened;
    });
    return loading;
  }

  function record(one: Recorded): void {
    if (client !== undefined) one(client);
    else if (waiting.push(one) === MOST_WAITING) {
      // When it can not be loaded, the next who asks is told why.
      load().catch(() => {});
    }
  }

  return {
    request: ({ op, status, seconds, bytesIn, bytesOut }) =>
      record(({ requests, durations, bytes }) => {
        requests.inc({ op, status });
        durations.observe({ op }, seconds);
        bytes.inc({ direction: 'in' }, bytesIn);
        bytes.inc({ direction: 'out' }, bytesOut);
      }),
    run: ({ family, outcome, seconds }) =>
      record(({ runs, runDurations }) => {
        runs.inc({ family, outcome });
        runDurations.observe({ family }, seconds);
      }),
    cache: (result) => record(({ cache }) => cache.inc({ result })),
    async page(tasks) {
      const { registry, taskStates } = await load();
      taskStates.reset();
      for (const [state, count] of tasks) taskStates.set({ state }, count);
      return { text: await registry.metrics(), type: registry.contentType };
    },
  };
}

interface Client {
  readonly registry: Registry;
  readonly requests: Counter;
  readonly durations: Histogram;
  readonly bytes: Counter;
  readonly taskStates: Gauge;
  readonly runs: Counter;
  readonly runDurations: Histogram;
  readonly cache: Counter;
}

/** Seconds: a HEAD takes less than the first, a long video more than the last. */
const buckets = [0.001, 0.005, 0.025, 0.1, 0.5, 2, 10, 60, 300];

async function openClient(): Promise<Client> {
  const { Counter, Gauge, Histogram, Registry } = await import('prom-client');
  // Several instances in one process share nothing: not the library's global registry either.
  const registry = new Registry();
  const registers = [registry];
  return {
    registry,
    requests: new Counter({
      name: 'ossite_requests_total',
      help: 'Requests by operation of the OSS API and status.',
      labelNames: ['op', 'status'],
      registers,
    }),
    durations: new Histogram({
      name: 'ossite_request_duration_seconds',
      help: 'Time until the last byte of the answer.',
      labelNames: ['op'],
      buckets,
      registers,
    }),
    bytes: new Counter({
      name: 'ossite_request_bytes_total',
      help: 'Bytes of bodies, as far as their length was told beforehand.',
      labelNames: ['direction'],
      registers,
    }),
    taskStates: new Gauge({
      name: 'ossite_tasks',
      help: 'Asynchronous tasks that are known, by state.',
      labelNames: ['state'],
      registers,
    }),
    runs: new Counter({
      name: 'ossite_engine_runs_total',
      help: 'Runs of the engines behind a family of operations.',
      labelNames: ['family', 'outcome'],
      registers,
    }),
    runDurations: new Histogram({
      name: 'ossite_engine_run_duration_seconds',
      help: 'Time that a run took, waiting for its turn included.',
      labelNames: ['family'],
      buckets,
      registers,
    }),
    cache: new Counter({
      name: 'ossite_result_cache_total',
      help: 'Processed results that were looked for among those kept.',
      labelNames: ['result'],
      registers,
    }),
  };
}
