import { defineConfig } from 'vitest/config';

// Real proxies in front of the built packages: `npm run test:proxies` installs the one and trusts the other's certificate.
export default defineConfig({
  test: {
    include: ['*.proxies.ts'],
    root: import.meta.dirname,
    // Most of the time is spent waiting for one another.
    maxConcurrency: 12,
    testTimeout: 90_000,
    hookTimeout: 60_000,
    expect: { poll: { timeout: 20_000 } },
  },
});
