import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { loads, nodesOf, traffic } from './capacity.mjs';
import { fromSizing, inputs, readInputs } from './inputs.mjs';
import { smallest, storms, walk } from './remedies.mjs';
import { simulateStorm } from './storm.mjs';

const waits = { minDelayMs: 250, maxDelayMs: 20_000, connectTimeoutMs: 10_000 };
const values = readInputs();

const aStorm = fc.record({
  clients: fc.integer({ min: 1, max: 300_000 }),
  perSecond: fc.integer({ min: 10_000, max: 100_000 }),
  spreadMs: fc.integer({ min: 0, max: 30_000 }),
  seed: fc.nat(),
});

describe('a storm', () => {
  it('brings everybody back once, no faster than there is capacity for', () => {
    fc.assert(
      fc.property(aStorm, (storm) => {
        const { connected, attemptsEach, curve, allSeconds, mostSeconds, halfSeconds, wastedShare } = simulateStorm({
          ...waits,
          ...storm,
        });
        expect(connected).toBeCloseTo(storm.clients, 3);
        expect(attemptsEach).toBeGreaterThanOrEqual(1);
        expect(curve.every((value, i) => i === 0 || value >= curve[i - 1]!)).toBe(true);
        expect(allSeconds).toBeGreaterThanOrEqual((storm.clients / storm.perSecond) * 0.99);
        expect(halfSeconds <= mostSeconds && mostSeconds <= allSeconds).toBe(true);
        // In vain is only what was tried more than once.
        expect(wastedShare > 0).toBe(attemptsEach > 1);
      }),
      { numRuns: 30 },
    );
  });

  it('is the same for the same seed, and not for another', () => {
    const storm = { ...waits, clients: 20_000, perSecond: 1_000_000 };
    expect(simulateStorm({ ...storm, seed: 7 })).toEqual(simulateStorm({ ...storm, seed: 7 }));
    expect(simulateStorm({ ...storm, seed: 7 }).curve).not.toEqual(simulateStorm({ ...storm, seed: 8 }).curve);
  });

  it('that fits within the patience of the clients costs one attempt each; one that does not wastes work', () => {
    const short = simulateStorm({ ...waits, clients: 9000, perSecond: 1000, seed: 1 });
    expect([short.attemptsEach, short.wastedShare]).toEqual([1, 0]);
    const long = simulateStorm({ ...waits, clients: 60_000, perSecond: 1000, seed: 1 });
    expect(long.attemptsEach).toBeGreaterThan(1.5);
    expect(long.allSeconds).toBeGreaterThan(60);
  });

  it('does not end where the nodes do nothing but find out who has given up', () => {
    const { allSeconds, wastedShare } = simulateStorm({ ...waits, clients: 400_000, perSecond: 2000, seed: 1 });
    expect(allSeconds).toBe(Infinity);
    expect(wastedShare).toBeGreaterThan(0.9);
  });

  it('of nobody is over before it begins', () => {
    expect(simulateStorm({ ...waits, clients: 0, perSecond: 1, seed: 1 })).toMatchObject({
      connected: 0,
      mostSeconds: 0,
    });
  });
});

describe('the capacity', () => {
  const deployment = { ...smallest(values, 1_000_000), processes: 100, masters: 10 };

  it('sends an operation to as many nodes as there can be with a watcher', () => {
    fc.assert(
      fc.property(fc.integer({ min: 1, max: 5000 }), fc.integer({ min: 1, max: 2000 }), (watchers, nodes) => {
        const reached = nodesOf(watchers, nodes);
        expect(reached).toBeGreaterThan(0.999);
        expect(reached).toBeLessThanOrEqual(Math.min(watchers, nodes) + 1e-9);
      }),
    );
    expect(nodesOf(1, 50)).toBeCloseTo(1);
    expect(nodesOf(1_000_000, 50)).toBeCloseTo(50);
  });

  it('grows with the clients, and with the nodes where each tells of itself', () => {
    const one = traffic(values, deployment);
    const twice = traffic(values, { ...deployment, connections: 2_000_000 });
    expect(twice.deliveries).toBeCloseTo(2 * one.deliveries);
    expect(twice.leases).toBeCloseTo(2 * one.leases);
    expect(twice.gossip).toBe(one.gossip);
    const more = traffic(values, { ...deployment, processes: 200 });
    expect(more.gossip).toBeCloseTo(2 * one.gossip);
    expect(more.polls).toBeCloseTo(2 * one.polls);
  });

  it('is not used by anything that does not happen', () => {
    const still = { ...values, publishesPerConnection: 0, broadcasts: 0, memberShare: 0 };
    const used = loads(still, deployment);
    expect(used['store: presence']!.use).toBe(0);
    expect(traffic(still, deployment)).toMatchObject({ deliveries: 0, announcements: 0 });
    // Heartbeats, and nodes that tell of themselves.
    expect(used['CPU of a node']!.use).toBeGreaterThan(0);
  });

  it('divided into cells has fewer nodes in each', () => {
    const whole = traffic(values, deployment);
    const halves = traffic(values, { ...deployment, cells: 2 });
    expect(2 * halves.nodes).toBe(whole.nodes);
    expect(2 * halves.connections).toBe(whole.connections);
  });
});

describe('the way', () => {
  it('ends where everything holds, from any size', () => {
    fc.assert(
      fc.property(fc.integer({ min: 1000, max: 20_000_000 }), (connections) => {
        const { deployment, steps, holds } = walk(values, smallest(values, connections));
        expect(holds).toBe(true);
        expect(steps.every(({ over }) => over > 1)).toBe(true);
        for (const { use, capacity } of Object.values(loads(values, deployment)))
          expect(use / capacity).toBeLessThanOrEqual(1);
        for (const { mostSeconds } of storms(values, deployment))
          expect(mostSeconds).toBeLessThanOrEqual(values.recoverySeconds);
      }),
      { numRuns: 8 },
    );
  });

  it('says that it does not end where no remedy helps', () => {
    const impossible = { ...values, recoverySeconds: 0.1 };
    expect(walk(impossible, smallest(impossible, 100_000)).holds).toBe(false);
  });
});

it('takes each figure as a flag, and nothing else', () => {
  expect(readInputs(['--publishes-per-connection', '0.5'])).toEqual({ ...values, publishesPerConnection: 0.5 });
  expect(() => readInputs(['--nothing', '1'])).toThrow('There is no --nothing');
  expect(() => readInputs(['--seed', 'x'])).toThrow('takes a number');
  expect(Object.values(inputs).every(({ from }) => from.length > 0)).toBe(true);
});

it('takes what was measured in place of its own figures, and a flag in place of both', () => {
  const row = {
    'KiB of the process': 5,
    'KiB of the kernel': 3,
    'CPU us per delivery': 8,
    'CPU us per heartbeat': 30,
    'KiB per channel': 10,
    'Redis us per append': 60,
    'Redis us per announcement to a node': -1,
    'Redis us/s for an idle node': 2000,
    'scripts/s of an idle node': 100,
  };
  const results = {
    ...Object.fromEntries(['idle', 'fanOut', 'heartbeat', 'channels', 'store'].map((run) => [run, [row, row]])),
    connects: [{ 'CPU us each': 200 }, { 'CPU us each': 900 }],
  };
  const measured = fromSizing({ results });
  expect(measured).toMatchObject({ tlsCpu: 700, pollCpu: 20, pushCpu: 0 });
  expect(readInputs(['--connect-cpu', '150'], measured)).toEqual({ ...values, ...measured, connectCpu: 150 });
  expect(() => fromSizing({ results: { ...results, store: [] } })).toThrow("no 'Redis us per append' in store");
});
