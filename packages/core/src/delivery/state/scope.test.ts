import { type Subscribe, type View, canonicalView, defineChannels, map, viewTag } from '@longwave/protocol';
import { describe, expect, it } from 'vitest';
import { createHarness } from '../../testing/harness.js';
import { Replica } from '../../testing/replica.js';

const channels = defineChannels({ fleet: map() });

describe('VIEW-9: what may be seen changes while a client is away', () => {
  /** A map of two teams, and an identity that may see one of them, both or none. */
  async function away(view: View = {}) {
    const grants: { view: View | undefined } = { view: { where: { team: 'a' } } };
    const harness = createHarness(channels, {
      authority: {
        authenticate: () => ({ user: 'ada' }),
        authorize: () => (grants.view ? { view: grants.view } : true),
      },
    });
    const put = (key: string, team: string) => harness.engine.change('fleet', { key, data: { team } });
    for (const [key, team] of Object.entries({ k1: 'a', k2: 'b', k3: 'a' })) await put(key, team);
    const tag = viewTag(canonicalView(view));
    const asks = { type: 'subscribe', channel: 'fleet', view: view === all ? undefined : view } as const;
    const { store } = harness;
    const { epoch } = await store.bounds('fleet');
    const from = (old: Replica) => ({ epoch, offset: old.position, scope: old.scope });
    const come = (old?: Replica, asked: Partial<Subscribe> = old ? from(old) : {}) => {
      const peer = harness.connect();
      peer.send({ ...asks, id: peer.nextId(), ...asked });
      harness.clock.turn();
      return { peer, replica: Replica.after(old, peer, 'fleet', tag).read() };
    };
    const poll = (old: Replica, options = { holdMs: 20_000, atOnce: false }) =>
      harness.request(options, [
        { type: 'connect', version: 1, client: 'polls' },
        { ...asks, id: 1, ...from(old), again: true },
      ]);
    return { ...harness, grants, put, come, poll, from };
  }
  const all: View = {};
  const team = (name: string): View => ({ where: { team: name } });
  const keysOf = ({ state }: Replica): string[] => Object.keys(state).toSorted();

  it.each<[string, View]>([
    ['nothing', all],
    ['keys', { keys: ['k1', 'k2', 'k3', 'k4'] }],
    ['a filter', { where: { team: { in: ['a', 'b'] } } }],
    ['a rate', { rate: 50 }],
  ])(
    'VIEW-7, VIEW-9: it gets what it may see now, and keeps nothing else, without a reset, asking for %s',
    async (_, view) => {
      const { grants, come } = await away(view);
      const first = come();
      expect(keysOf(first.replica)).toEqual(['k1', 'k3']);
      first.peer.session.closed();
      let { replica } = first;
      for (const [now, seen] of [
        [team('b'), ['k2']],
        [undefined, ['k1', 'k2', 'k3']],
        [{ keys: ['k3', 'k2'] }, ['k2', 'k3']],
        [team('a'), ['k1', 'k3']],
      ] as const) {
        grants.view = now;
        const next = come(replica);
        ({ replica } = next);
        next.peer.session.closed();
        expect(keysOf(replica)).toEqual(seen);
        expect(next.peer.take('reset')).toEqual([]);
        expect(next.peer.take('subscribed')[0]!.reset).toBeUndefined();
      }
    },
  );

  it('VIEW-9: a count is that of what may be seen now', async () => {
    const { grants, come } = await away({ count: true });
    const { peer, replica } = come();
    expect(replica.state).toEqual({ '': { entries: 2, users: 2 } });
    peer.session.closed();
    grants.view = team('b');
    expect(come(replica).replica.state).toEqual({ '': { entries: 1, users: 1 } });
  });

  it('VIEW-9: what changed under it while it was there, and changed back while it was away, is no claim to have seen it', async () => {
    const { grants, come, engine, clock } = await away();
    const { peer, replica } = come();
    grants.view = team('b');
    void engine.recheckUser('ada');
    clock.turn();
    expect(keysOf(replica.read())).toEqual(['k2']);
    peer.session.closed();
    grants.view = team('a');
    expect(keysOf(come(replica).replica)).toEqual(['k1', 'k3']);
  });

  it('VIEW-9: an act that was cut off is no claim to what it was about', async () => {
    const { grants, come, engine, clock, from } = await away();
    const { peer, replica } = come();
    peer.room = 1;
    grants.view = team('b');
    void engine.recheckUser('ada');
    peer.session.closed();
    clock.turn();
    expect(keysOf(come(replica, from(replica)).replica)).toEqual(['k2']);
  });

  it('VIEW-9: who does not say under which scope a position was made gets the state anew', async () => {
    const { grants, come, from } = await away();
    const { peer, replica } = come();
    peer.session.closed();
    grants.view = team('b');
    const unsaid = { ...from(replica), scope: undefined };
    expect(keysOf(come(replica, unsaid).replica)).toEqual(['k2']);
  });

  it('VIEW-9: while nothing changes a resume brings nothing again, over a connection and over polls', async () => {
    const { come, poll, put, clock, grants } = await away();
    const { peer, replica } = come();
    peer.session.closed();
    const next = come(replica);
    expect(next.peer.take('changes')).toEqual([]);
    const first = poll(next.replica);
    clock.advance(5000);
    expect([first.ended, first.types]).toEqual([false, []]);
    await put('k4', 'a');
    clock.turn();
    expect(first.ended).toBe(true);
    const act = first.frames.find((frame) => frame.type === 'changes')!;
    expect(act).not.toHaveProperty('replace');
    expect(act.ops.map(({ key }) => key)).toEqual(['k4']);
    next.replica.readFrames(first.frames);
    grants.view = team('b');
    const second = poll(next.replica);
    expect(second.ended).toBe(true);
    expect(keysOf(next.replica.readFrames(second.frames))).toEqual(['k2']);
    const third = poll(next.replica);
    clock.advance(5000);
    expect([third.ended, third.types]).toEqual([false, []]);
  });
});
