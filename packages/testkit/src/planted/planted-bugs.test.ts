import { describe, expect, it } from 'vitest';
import type { Sabotage } from '../simulation/sabotage.js';
import { bugTable } from './report.js';
import { findBug } from './find-bug.js';
import { plantedBugs } from './planted-bugs.js';

describe('a planted bug', () => {
  it('there are at least 12, each with a name of its own', () => {
    expect(new Set(plantedBugs.map(({ name }) => name)).size).toBe(plantedBugs.length);
    expect(plantedBugs.filter(({ caughtBy }) => caughtBy !== undefined).length).toBeGreaterThanOrEqual(12);
  });

  it.each(plantedBugs.filter(({ caughtBy }) => caughtBy !== undefined))(
    '$name is caught within $withinSeeds seeds by $caughtBy',
    async (bug) => {
      const { seeds, invariant } = await findBug(bug);
      expect(seeds).toBeLessThanOrEqual(bug.withinSeeds);
      expect(bug.caughtBy).toContain(invariant);
    },
    60_000,
  );

  it.each(plantedBugs.filter(({ caughtBy }) => caughtBy === undefined))(
    '$name is absorbed by the client: no application sees it in $withinSeeds seeds',
    async (bug) => {
      let changed = 0;
      const frames: Sabotage['frames'] = (random) => {
        const { toClient, toServer } = bug.sabotage.frames!(random);
        return {
          toClient: (frame, link) => {
            const told = toClient ? toClient(frame, link) : frame;
            if (told !== frame) changed++;
            return told;
          },
          toServer: (asked, link) => {
            const heard = toServer ? toServer(asked, link) : [...asked];
            changed += heard.filter((frame, i) => frame !== asked[i]).length;
            return heard;
          },
        };
      };
      const { message } = await findBug({ ...bug, sabotage: { frames } });
      expect(message).toBeUndefined();
      expect(changed).toBeGreaterThan(50);
    },
    60_000,
  );

  it('has a row in the table', async () => {
    const bug = plantedBugs.find(({ name }) => name === 'epoch-reused')!;
    const table = bugTable([await findBug(bug)]);
    expect(table).toMatch(/epoch-reused .* G[12] .*\d+ of 40/);
  });
});
