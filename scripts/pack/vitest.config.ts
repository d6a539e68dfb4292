import { fileURLToPath } from 'node:url';
import { defineConfig } from 'vitest/config';

// What an application gets, outside of the repository: tarballs, package managers, templates. It downloads what these depend on.
export default defineConfig({
  test: {
    root: fileURLToPath(new URL('../..', import.meta.url)),
    include: ['scripts/pack/e2e/*.e2e.ts'],
    globalSetup: ['scripts/pack/e2e/packed.ts'],
    testTimeout: 300_000,
    hookTimeout: 300_000,
    expect: { poll: { timeout: 20_000 } },
    maxWorkers: 1,
  },
});
