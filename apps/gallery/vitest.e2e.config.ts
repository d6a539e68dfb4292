import { defineConfig } from 'vitest/config';
import { BaseSequencer, type TestSpecification } from 'vitest/node';

/** These measure frames, or how soon something comes, and have the machine to themselves. */
const alone = ['fleet', 'first-message'].map((name) => `e2e/${name}.e2e.ts`);

/** Takes a minute and more by itself: begun last, it would run beside nothing. vitest begins with the largest files. */
const longest = 'pages.e2e.ts';

class LongestFirst extends BaseSequencer {
  override async sort(files: TestSpecification[]): Promise<TestSpecification[]> {
    const sorted = await super.sort(files);
    const isLongest = ({ moduleId }: TestSpecification): boolean => moduleId.endsWith(longest);
    return [...sorted.filter(isLongest), ...sorted.filter((file) => !isLongest(file))];
  }
}

// Real Chromium against the built server: `npm run build` first.
export default defineConfig({
  test: {
    testTimeout: 60_000,
    hookTimeout: 60_000,
    expect: { poll: { timeout: 20_000 } },
    sequence: { sequencer: LongestFirst },
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
