import { defineConfig } from 'vitest/config';

export default defineConfig({
  test: {
    include: ['test/**/*.test.ts'],
    // One server, one warm LibreOffice and one set of media for all files.
    globalSetup: ['test/helpers/server.ts'],
    maxWorkers: 2,
    // Each file in a process of its own would load everything anew: that took a fifth of the time. What files share is theirs to keep apart.
    isolate: false,
    testTimeout: 60_000,
    hookTimeout: 120_000,
  },
});
