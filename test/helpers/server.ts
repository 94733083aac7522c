/** Starts the one server that all test files share: the real one, on a free port, with a temporary directory. */
import type { TestProject } from 'vitest/node';
import { startOssite } from '../../src/server/index.ts';

export default async function setup(project: TestProject): Promise<() => Promise<void>> {
  const ossite = await startOssite({ port: 0, storage: 'memory', log: 'error' });
  project.provide('endpoint', ossite.endpoint);
  return () => ossite.close();
}

declare module 'vitest' {
  interface ProvidedContext {
    endpoint: string;
  }
}
