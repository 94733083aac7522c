/** Operations on sources of the recipes, through the front door, for tests that run side by side. */
import { beforeAll, expect } from 'vitest';
import { type Answer, b64, converted, freshBucket, get, put, saveas, type Task } from '../../helpers/ossite.ts';
import { type Seen, type SourceName, source } from './sources.ts';

let bucket: string;
/** Tests run side by side: each output has a name of its own. */
let count = 0;
const stored = new Map<SourceName, Promise<void>>();

/** Each test file has a bucket of its own. */
export function prepareBucket(): void {
  beforeAll(async () => {
    bucket = await freshBucket();
    stored.clear();
  });
}

export const theBucket = (): string => bucket;

/** A clip of a concat. @param more `,ss_…,t_…` */
export const pre = (key: SourceName, more = ''): string => `/pre,o_${b64(key)}${more}`;
export const sur = (key: SourceName, more = ''): string => `/sur,o_${b64(key)}${more}`;

/** Stores a source under its name. */
export function store(name: SourceName): Promise<void> {
  const present = stored.get(name) ?? source(name).then((bytes) => put(bucket, name, bytes));
  stored.set(name, present);
  return present;
}

/** The sources that a process string names as clips. */
const clipsOf = (process: string) =>
  [...process.matchAll(/\/(?:pre|sur),o_([\w-]+)/g)].map(([, key = '']) => Buffer.from(key, 'base64url').toString());

export interface Ran {
  readonly task: Task;
  readonly key: string | undefined;
  readonly answer: Answer | undefined;
}

/** Stores the sources, runs the task and fetches what it made. @param missing clips that are left out on purpose */
export async function ran(of: SourceName, process: string, missing: readonly string[] = []): Promise<Ran> {
  const names = clipsOf(process).filter((name) => !missing.includes(name)) as SourceName[];
  await Promise.all([of, ...names].map(store));
  const task = await converted(bucket, of, process + saveas(`o-${count++}`));
  const key = task.Outputs?.[0]?.Key;
  return { task, key, answer: key === undefined ? undefined : await get(bucket, key) };
}

/** The bytes a task made that must succeed. */
export async function madeOf(of: SourceName, process: string): Promise<Buffer> {
  const { task, answer } = await ran(of, process);
  expect(task, task.Message).toMatchObject({ Status: 'Succeeded', Progress: 100 });
  return answer?.bytes ?? Buffer.alloc(0);
}

/** Some of what is seen in an output, exactly or by a matcher. */
export type Shows = Readonly<Partial<Record<keyof Seen, unknown>>>;

export const about = (value: number, by = 0.1) =>
  expect.toSatisfy((x: number) => Math.abs(x - value) <= by, `about ${value}`);
