import { expect, it } from 'vitest';
import { ReactionMeter } from './reaction.js';

const [east, south, still] = [
  { dx: 1, dy: 0 },
  { dx: 0, dy: 1 },
  { dx: 0, dy: 0 },
];
const heading = (angle: number) => ({ angle });
const [toEast, toSouth] = [heading(0), heading(Math.PI / 2)];

it('measures from a change of course to the ship and to the server', () => {
  const meter = new ReactionMeter();
  meter.frame(still, toEast, toEast, 0);
  // It looks there already.
  meter.frame(east, toEast, toEast, 50);
  expect(meter.last).toBeUndefined();
  meter.frame(south, toEast, toEast, 100);
  expect(meter.last).toEqual({ number: 1, shipMs: undefined, serverMs: undefined });
  meter.frame(south, toSouth, toEast, 116);
  expect(meter.last).toEqual({ number: 1, shipMs: 16, serverMs: undefined });
  // On its way there.
  meter.frame(south, toSouth, heading(0.8), 380);
  meter.frame(still, toSouth, heading(1.4), 400);
  expect(meter.last).toEqual({ number: 1, shipMs: 16, serverMs: 300 });
});

it('takes no earlier turn for the one it measures', () => {
  const meter = new ReactionMeter();
  meter.frame(south, toEast, toEast, 0);
  meter.frame(south, toSouth, toEast, 16);
  meter.frame(east, toSouth, toEast, 100);
  meter.frame(south, toEast, toEast, 150);
  meter.frame(south, toSouth, toSouth, 300);
  expect(meter.last).toEqual({ number: 1, shipMs: 16, serverMs: 300 });
  meter.frame(east, toSouth, heading(0.1), 400);
  expect(meter.last).toMatchObject({ number: 1 });
});

it('gives up what is never answered, and measures the next', () => {
  const meter = new ReactionMeter();
  meter.frame(south, toEast, toEast, 0);
  meter.frame(south, toEast, toEast, 3001);
  meter.frame({ dx: -1, dy: 0 }, toEast, toEast, 4000);
  meter.frame({ dx: -1, dy: 0 }, heading(-Math.PI), heading(Math.PI), 4010);
  expect(meter.last).toEqual({ number: 2, shipMs: 10, serverMs: 10 });
});
