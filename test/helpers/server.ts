/** What all test files share: one server, the real one, on a free port; and a directory for media that are made once. */
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { TestProject } from 'vitest/node';
import { startOssite } from '../../src/server/index.ts';

export default async function setup(project: TestProject): Promise<() => Promise<void>> {
  const ossite = await startOssite({ port: 0, storage: 'memory', log: 'error' });
  project.provide('endpoint', ossite.endpoint);
  const media = mkdtempSync(join(tmpdir(), 'ossite-media-'));
  project.provide('media', media);
  return async () => {
    await ossite.close();
    rmSync(media, { recursive: true });
  };
}

declare module 'vitest' {
  interface ProvidedContext {
    endpoint: string;
    media: string;
  }
}
