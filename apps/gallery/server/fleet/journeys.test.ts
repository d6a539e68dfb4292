import { describe, expect, it } from 'vitest';
import { planSmallWorld, somePlaces } from './testing/small-world.js';

describe('journeys', () => {
  it('are the same for the same seed, and others for another', async () => {
    const [one, same, other] = await Promise.all([planSmallWorld(1), planSmallWorld(1), planSmallWorld(2)]);
    expect([...one.routes.keys()]).toEqual([...same.routes.keys()]);
    expect([...one.routes.keys()]).not.toEqual([...other.routes.keys()]);
  });

  it('join ports with ports and airports with airports, both ways', async () => {
    const { routes, of } = await planSmallWorld(1);
    const kindOf = (code: string) => somePlaces.find((place) => place.code === code)!.kind;
    expect(routes.size).toBeGreaterThan(10);
    expect(of.ship.length + of.aircraft.length).toBe(routes.size);
    for (const { from, to, lengthKm } of routes.values()) {
      expect(kindOf(from)).toBe(kindOf(to));
      expect(routes.get(`${to}-${from}`)!.lengthKm).toBeCloseTo(lengthKm, 6);
    }
  });

  it('leave no one stranded: wherever a route goes, another leaves', async () => {
    const journeys = await planSmallWorld(1);
    for (const { to } of journeys.routes.values()) {
      const onward = journeys.from(to);
      expect(onward.length).toBeGreaterThan(0);
      for (const { from } of onward) expect(from).toBe(to);
    }
  });
});
