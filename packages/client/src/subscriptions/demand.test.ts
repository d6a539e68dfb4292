import { type Demand, demandPrefix, sumDemand } from '@longwave/protocol';
import { describe, expect, it } from 'vitest';
import { Harness } from '../testing/harness.js';
import { changes, gone, put, stands, state } from '../testing/states.js';

const node = (watchers: number, keys?: string[], rate?: number): Demand => ({ watchers, keys, rate });

describe('demand', () => {
  it.each<[string, Demand[], Demand]>([
    ['nobody watches', [], { watchers: 0, keys: [], rate: 0 }],
    [
      'all name keys and rates',
      [node(2, ['x', 'y'], 1), node(3, ['y', 'z'], 5)],
      { watchers: 5, keys: ['x', 'y', 'z'], rate: 5 },
    ],
    ['one names no keys', [node(1, ['x'], 1), node(1, undefined, 2)], { watchers: 2, keys: undefined, rate: 2 }],
    ['one wants every update', [node(1, ['x']), node(1, ['y'], 2)], { watchers: 2, keys: ['x', 'y'], rate: undefined }],
    [
      'a node has no watchers left: what it said last does not count',
      [node(1, ['x'], 1), node(0)],
      { watchers: 1, keys: ['x'], rate: 1 },
    ],
  ])('DEM-1: %s', (_, nodes, demand) => {
    expect(sumDemand(nodes)).toEqual(demand);
  });

  it('DEM-1: is told now and at each change, of all nodes together', () => {
    const h = new Harness();
    const seen: Demand[] = [];
    const watch = h.client.channel('quotes').demand((demand) => seen.push(demand));
    const channel = `${demandPrefix}quotes`;
    const [subscribe] = h.accept();
    expect(subscribe).toMatchObject({ type: 'subscribe', channel });
    h.link.say(stands(subscribe), { ...state(0, []), channel } as never);
    const ops = [
      put('n1', 1, { watchers: 2, keys: ['x'], rate: 1 }),
      put('n2', 2, { watchers: 1, keys: ['y'], rate: 4 }),
    ];
    h.link.say({ ...changes(0, 2, ops), channel } as never);
    h.link.say({ ...changes(2, 3, [gone('n2', 3, 'expire')]), channel } as never);
    expect(seen).toEqual([
      { watchers: 0, keys: [], rate: 0 },
      { watchers: 3, keys: ['x', 'y'], rate: 4 },
      { watchers: 2, keys: ['x'], rate: 1 },
    ]);
    watch.unsubscribe();
    expect(h.link.take()).toMatchObject([{ type: 'unsubscribe', channel }]);
  });
});
