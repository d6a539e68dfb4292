import { describe, expect, it } from 'vitest';
import { Random } from '@longwave/testkit/virtual';
import { fuzz } from './fuzz.js';
import { HostileFrames, serverFrames } from './hostile-frames.js';

describe('ERR-2: whatever peers send', () => {
  it.each([1, 2])(
    'ends nothing, disturbs nobody, and every frame of both codecs was among it (seed %i)',
    async (seed) => {
      const inputs = 10_000;
      const { failures, covered, served, taken, delivered, acts } = await fuzz({ seed, inputs });
      expect(failures).toEqual([]);
      const types = [
        ...new HostileFrames(new Random(1)).types,
        ...Object.keys(serverFrames).map((type) => `server/${type}`),
      ];
      for (const codec of ['json', 'binary']) {
        for (const type of types) expect(covered.get(`${codec}/${type}`), `${codec}/${type}`).toBeGreaterThan(2);
      }
      expect(covered.size).toBe(types.length * 2);
      expect(served).toBe(1);
      expect(taken).toBeGreaterThan(inputs / 2);
      // The watchers, of everything: otherwise it would be the refusals that are tried.
      expect(delivered).toBeGreaterThan(inputs / 10);
      for (const [act, times] of Object.entries(acts)) expect(times, act).toBeGreaterThan(0);
    },
    120_000,
  );
});
