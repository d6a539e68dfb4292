import { fileURLToPath } from 'node:url';
import { defineConfig } from 'vitest/config';

// Tests of what applications install: tarballs, package managers and templates, in folders outside of the repository. They download
// the dependencies of these.
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
