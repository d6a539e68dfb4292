import { expect, it } from 'vitest';
import { ReactionMeter } from './reaction.js';

const still = { vx: 0, vy: 0 };
const east = { dx: 1, dy: 0 };

it('measures from a change of course to the ship and to the server', () => {
  const meter = new ReactionMeter();
  meter.frame({ dx: 0, dy: 0 }, still, still, 0);
  expect(meter.last).toBeUndefined();
  meter.frame(east, still, still, 100);
  expect(meter.last).toEqual({ number: 1, shipMs: undefined, serverMs: undefined });
  meter.frame(east, { vx: 40, vy: 0 }, still, 116);
  expect(meter.last).toEqual({ number: 1, shipMs: 16, serverMs: undefined });
  meter.frame(east, { vx: 300, vy: 0 }, { vx: 30, vy: 0 }, 400);
  expect(meter.last).toEqual({ number: 1, shipMs: 16, serverMs: 300 });
  // It stays until the next.
  meter.frame(east, { vx: 330, vy: 0 }, { vx: 330, vy: 0 }, 900);
  expect(meter.last).toEqual({ number: 1, shipMs: 16, serverMs: 300 });
});

it('gives up what is never answered, and measures the next', () => {
  const meter = new ReactionMeter();
  meter.frame(east, still, still, 0);
  meter.frame(east, still, still, 3001);
  meter.frame({ dx: -1, dy: 0 }, still, still, 4000);
  meter.frame({ dx: -1, dy: 0 }, { vx: -50, vy: 0 }, { vx: -50, vy: 0 }, 4010);
  expect(meter.last).toEqual({ number: 2, shipMs: 10, serverMs: 10 });
});
