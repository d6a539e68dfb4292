import { defineConfig } from 'vitest/config';

/** These measure frames, or how soon something comes, and have the machine to themselves. */
const alone = ['fleet', 'first-message'].map((name) => `e2e/${name}.e2e.ts`);

// Real Chromium against the built server: `npm run build` first.
export default defineConfig({
  test: {
    testTimeout: 60_000,
    hookTimeout: 60_000,
    expect: { poll: { timeout: 20_000 } },
    projects: [
      // Each file has a browser and a server of its own, and waits for them half of its time.
      {
        extends: true,
        test: {
          name: 'two at a time',
          include: ['e2e/**/*.e2e.ts'],
          exclude: alone,
          maxWorkers: 2,
          sequence: { groupOrder: 1 },
        },
      },
      { extends: true, test: { name: 'alone', include: alone, maxWorkers: 1, sequence: { groupOrder: 2 } } },
    ],
  },
});
