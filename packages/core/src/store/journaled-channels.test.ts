import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { JournaledChannels, type StoreCommand } from './journaled-channels.js';

const logKeep = { count: 3, bytes: 200, ageMs: 1000 };
const stateKeep = { keys: 3, bytes: 200, removals: 1 };

const operations = fc.oneof(
  fc.record({
    channel: fc.constantFrom('log a', 'log b'),
    payload: fc.constantFrom('1', '22'),
    id: fc.constantFrom('i', 'j'),
  }),
  fc.record({
    channel: fc.constant('state'),
    payload: fc.constantFrom('1', '22'),
    key: fc.constantFrom('x', 'y', 'z', 'w'),
    ttlMs: fc.option(fc.integer({ min: 1, max: 40 }), { nil: undefined }),
    expect: fc.option(fc.nat({ max: 2 }), { nil: undefined }),
  }),
);

/** Carries the appends out 10 ms apart, with what expires in between, and returns the journal. */
function live(channels: JournaledChannels, appends: readonly { readonly channel: string; readonly payload: string }[]) {
  const journal: StoreCommand[] = [];
  const write = (command: StoreCommand): void => {
    journal.push(command);
    channels.repeat(command);
  };
  for (const [i, { channel, ...operation }] of appends.entries()) {
    const now = 10 * i;
    for (const command of channels.overdue(now, now)) write(command);
    const keep = channel === 'state' ? stateKeep : logKeep;
    write({ act: 'append', channel, operation, keep, now, leaseNow: now });
  }
  return journal;
}

describe('channels made by commands', () => {
  it('are the same when the commands are carried out again, or were written down in between', () => {
    fc.assert(
      fc.property(fc.array(operations, { maxLength: 40 }), fc.nat({ max: 40 }), (appends, at) => {
        const made = new JournaledChannels('e', 5);
        const journal = live(made, appends);
        const again = new JournaledChannels('e', 5);
        for (const command of journal) again.repeat(command);
        expect(again.snapshot()).toEqual(made.snapshot());
        let restored = new JournaledChannels('e', 5);
        for (const [i, command] of journal.entries()) {
          if (i === at) restored = JournaledChannels.restore(restored.snapshot(), { leaseNow: 0, maxProducers: 5 });
          restored.repeat(command);
        }
        const tops = ['log a', 'log b', 'state'].map((channel) => made.bounds(channel, 0).top);
        expect(['log a', 'log b'].map((channel) => restored.bounds(channel, 0).top)).toEqual(tops.slice(0, 2));
      }),
    );
  });

  it('compact what is in their epoch, and nothing else', () => {
    const channels = new JournaledChannels('e');
    const keep = { count: 100, bytes: 1000, ageMs: Infinity, whole: true } as const;
    const operation = { payload: Uint8Array.of(1) };
    for (const now of [1, 2]) channels.apply({ act: 'append', channel: 'doc', operation, keep, now, leaseNow: now });
    const compaction = { epoch: 'e', offset: 2, payload: Uint8Array.of(3) };
    expect(channels.apply({ act: 'compact', channel: 'doc', compaction: { ...compaction, epoch: 'f' } })).toBe(0);
    expect(channels.apply({ act: 'compact', channel: 'nothing', compaction })).toBe(0);
    expect(channels.apply({ act: 'compact', channel: 'doc', compaction })).toEqual([]);
    expect(channels.read('doc', { limit: 10 }, 3)).toMatchObject({ floor: 1, top: 2, ops: [{ offset: 2 }] });
  });
});
