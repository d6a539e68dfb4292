import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { breakOf, defineChannels, log, map } from '@longwave/protocol';
import { type Peer, createHarness } from '../testing/harness.js';
import { Replica } from '../testing/replica.js';
import { FailoverStore } from '../testing/failover-store.js';

const retain = { count: 1000, bytes: 1e6, ageMs: 1e12 };
const channels = defineChannels({ 'log/:id': log(), 'map/:id': map() });
const channel = 'log/a';

function setUp() {
  const store = new FailoverStore(retain);
  const harness = createHarness(channels, { store });
  let count = 0;
  const publish = () => {
    store.append(channel, { payload: `${++count}` });
    harness.clock.turn();
  };
  const subscribe = (from: { epoch?: string; offset?: number } = {}) => {
    const peer = harness.connect();
    peer.send({ type: 'subscribe', id: 1, channel, ...from });
    harness.clock.turn();
    return peer;
  };
  return { ...harness, store, publish, subscribe };
}

describe('a log whose store failed over', () => {
  it('EPOCH-2, EPOCH-4: goes on for who has nothing that was lost, and is reset once for who has', () => {
    const { store, clock, publish, subscribe, engine } = setUp();
    publish();
    const [behind, head] = [subscribe(), subscribe()];
    behind.room = 2;
    publish();
    expect(behind.offsets(channel)).toEqual([2]);
    publish();
    expect([behind.offsets(channel), head.offsets(channel)]).toEqual([
      [2, 3],
      [2, 3],
    ]);
    // The one whose link is full is not written to: it stands where the log will end.
    publish();
    store.failOver(channel, 3);
    store.tell(channel);
    clock.turn();
    behind.drain();
    publish();
    expect(head.take('reset')).toMatchObject([{ reason: 'truncated', epoch: 'first~3.f1' }]);
    expect(behind.take('reset')).toEqual([]);
    expect(behind.offsets(channel)).toEqual([2, 3, 4]);
    expect(behind.take('message').at(-1)).toMatchObject({ epoch: 'first~3.f1', ops: [{ data: 5 }] });
    expect(engine.stats.resets).toBe(1);
  });

  it('EPOCH-2: is not reset for anybody where nothing was lost, whoever tells of the epoch', () => {
    for (const tell of [true, false]) {
      const { store, clock, publish, subscribe } = setUp();
      publish();
      const peer = subscribe();
      publish();
      store.failOver(channel, 2);
      if (tell) store.tell(channel);
      clock.turn();
      publish();
      expect(peer.take('reset')).toEqual([]);
      expect(peer.take('message').map(({ epoch, offset }) => [epoch, offset])).toEqual([
        ['first', 2],
        ['first~2.f1', 3],
      ]);
    }
  });

  it('SUB-4: resumes positions of earlier epochs that are still there, and says truncated for the others', () => {
    const { store, publish, subscribe } = setUp();
    for (let i = 0; i < 5; i++) publish();
    store.failOver(channel, 3);
    publish();
    publish();
    expect(subscribe({ epoch: 'first', offset: 3 }).offsets(channel)).toEqual([4, 5]);
    const lost = subscribe({ epoch: 'first', offset: 4 });
    expect(lost.take('subscribed')).toMatchObject([{ reset: 'truncated', epoch: store.epoch }]);
    expect(subscribe({ epoch: 'first', offset: 3 }).take('subscribed')).toMatchObject([
      { offset: 3, epoch: store.epoch },
    ]);
    expect(subscribe({ epoch: 'other', offset: 3 }).take('subscribed')).toMatchObject([{ reset: 'epoch-changed' }]);
  });

  it('is not told of an older epoch by a store that is behind: the client asks again', () => {
    const { subscribe } = setUp();
    const peer = subscribe({ epoch: 'first~0.later', offset: 1 });
    expect(peer.take('error')).toMatchObject([{ code: 'unavailable' }]);
  });

  it('HIS-1: gives pages behind positions of earlier epochs', () => {
    const { store, clock, publish, subscribe } = setUp();
    for (let i = 0; i < 5; i++) publish();
    store.failOver(channel, 3);
    const peer = subscribe();
    const ask = (after: number) => peer.send({ type: 'history', id: 9, channel, limit: 10, epoch: 'first', after });
    ask(2);
    ask(4);
    clock.turn();
    expect(peer.take('page')).toMatchObject([{ offset: 3, epoch: store.epoch }]);
    expect(peer.take('error')).toMatchObject([{ code: 'epoch-changed' }]);
  });

  it('G2 G3: whatever happens, everybody sees the log as it is, each operation once, or a reset', async () => {
    const step = fc.oneof(
      fc.constant('publish' as const),
      fc.constant('subscribe' as const),
      fc.constant('tell' as const),
      fc.record({ lost: fc.nat(4) }),
      fc.record({ block: fc.nat(5) }),
      fc.record({ drain: fc.nat(5) }),
      fc.record({ resume: fc.nat(5) }),
      fc.constant('wait' as const),
      fc.constant('answer' as const),
    );
    const answers = fc.constantFrom<FailoverStore['answers']>('at once', 'stale', 'late');
    await fc.assert(
      fc.asyncProperty(answers, fc.array(step, { maxLength: 60 }), async (answered, steps) => {
        const { store, clock, publish, subscribe } = setUp();
        store.answers = answered;
        const peers: Peer[] = [subscribe()];
        const pick = (i: number) => peers[i % peers.length]!;
        for (const each of steps) {
          if (each === 'publish') publish();
          else if (each === 'subscribe') peers.push(subscribe());
          else if (each === 'tell') store.tell(channel);
          else if (each === 'wait') clock.advance(300);
          else if (each === 'answer') await store.answer();
          else if ('lost' in each) {
            const top = store.bounds(channel).top;
            store.failOver(channel, Math.max(0, top - each.lost));
          } else if ('block' in each) pick(each.block).room = 0;
          else if ('drain' in each) pick(each.drain).drain();
          else {
            const { epoch, offset } = positionOf(pick(each.resume));
            peers.push(subscribe({ epoch, offset }));
          }
          clock.turn();
        }
        for (const peer of peers) peer.drain();
        store.tell(channel);
        publish();
        for (let i = 0; i < 30; i++) {
          await store.answer();
          clock.advance(300);
        }
        const { ops } = store.pageOf(channel, { after: 0, limit: 1000 });
        for (const peer of peers) {
          if (peer.take('error').length > 0) continue;
          expect(positionOf(peer)).toEqual({ epoch: store.epoch, offset: store.bounds(channel).top });
          // What it has since the last reset is what stands in the log.
          for (const [offset, data] of seenBy(peer)) expect(ops[offset - 1]?.payload).toBe(JSON.stringify(data));
        }
      }),
      { numRuns: 300, examples: [['stale', ['publish', 'publish', { lost: 1 }, { resume: 0 }, { lost: 1 }]]] },
    );
  });
});

describe('a state whose store failed over', () => {
  const name = 'map/a';

  function setUpState() {
    const store = new FailoverStore({ keys: 100, bytes: 1e6, removals: 100 });
    const { connect, clock } = createHarness(channels, { store });
    const put = (key: string, payload: string) => store.append(name, { key, payload });
    const watch = (from: { epoch?: string; offset?: number } = {}) => {
      const peer = connect();
      peer.send({ type: 'subscribe', id: 1, channel: name, ...from });
      clock.turn();
      return { peer, replica: new Replica(peer, name, undefined, from.offset) };
    };
    return { store, clock, put, watch };
  }

  it('EPOCH-2 STATE-1: is what survived to everybody; who has what was lost is reset, and nobody else', () => {
    const { store, clock, put, watch } = setUpState();
    put('x', '1');
    const behind = watch();
    behind.peer.room = 0;
    const head = watch();
    for (const key of ['y', 'z']) {
      put(key, '2');
      clock.turn();
    }
    store.failOver(name, 2);
    store.tell(name);
    put('w', '4');
    clock.turn();
    behind.peer.drain();
    clock.turn();
    expect(head.replica.read().state).toEqual({ x: 1, y: 2, w: 4 });
    expect(head.peer.take('reset')).toMatchObject([{ reason: 'truncated' }]);
    expect(behind.replica.read().state).toEqual({ x: 1, y: 2, w: 4 });
    expect(behind.peer.take('reset')).toEqual([]);
    const resumed = watch({ epoch: 'first', offset: 2 });
    expect(resumed.peer.take('subscribed')).toMatchObject([{ epoch: store.epoch, offset: 2 }]);
    expect(resumed.peer.take('reset')).toEqual([]);
  });

  it('EPOCH-2: takes nothing for the state that was asked for behind what is lost', async () => {
    const { store, clock, put, watch } = setUpState();
    for (const key of ['x', 'y']) put(key, '1');
    const { peer, replica } = watch();
    store.answers = 'late';
    // An operation is missed: what is behind the second is asked for, and comes after the second is lost.
    store.missed(() => put('z', '1'));
    store.tell(name);
    store.failOver(name, 1);
    put('v', '2');
    put('w', '2');
    clock.turn();
    for (let i = 0; i < 5; i++) {
      await store.answer();
      clock.advance(300);
    }
    expect(replica.read().state).toEqual({ x: 1, v: 2, w: 2 });
    expect(peer.take('reset')).toMatchObject([{ reason: 'truncated' }]);
  });
});

/** Where a client would say that it stands; throws where it would see a gap. */
function positionOf(peer: Peer): { epoch: string; offset: number } {
  let position = { epoch: '', offset: 0 };
  for (const frame of peer.frames) {
    if (frame.type === 'reset' && breakOf(position, { epoch: frame.epoch }) !== frame.reason) {
      throw new Error(`${frame.reason} at ${position.epoch}:${position.offset} for ${frame.epoch}`);
    }
    if (frame.type === 'subscribed' || frame.type === 'reset') position = { epoch: frame.epoch, offset: frame.offset };
    if (frame.type === 'message') {
      const broken = breakOf(position, { epoch: frame.epoch });
      if (broken) throw new Error(`${frame.epoch} does not continue ${position.epoch}`);
      if (frame.offset > position.offset + 1) throw new Error(`${frame.offset} behind ${position.offset}`);
      position = { epoch: frame.epoch, offset: frame.offset + frame.ops.length - 1 };
    }
    if (frame.type === 'top' && breakOf(position, { epoch: frame.epoch })) throw new Error('a top of another log');
  }
  return position;
}

function seenBy(peer: Peer): ReadonlyMap<number, unknown> {
  const seen = new Map<number, unknown>();
  for (const frame of peer.frames) {
    if (frame.type === 'reset') seen.clear();
    if (frame.type === 'message') for (const [i, { data }] of frame.ops.entries()) seen.set(frame.offset + i, data);
  }
  return seen;
}
