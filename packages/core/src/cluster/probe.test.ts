import { defineChannels, log } from '@longwave/protocol';
import { describe, expect, it } from 'vitest';
import { MemoryStore } from '../store/memory-store.js';
import { createHarness } from '../testing/harness.js';

const channels = defineChannels({ ':name': log(), ':a/:b': log(), '@me': log() });

describe('Engine.probe', () => {
  it('sends a message through the store and the lanes, and leaves nothing behind', async () => {
    const { engine, clock } = createHarness(channels);
    const timers = clock.timers;
    const took = engine.probe(1000);
    clock.turn();
    expect(await took).toBe(0);
    const again = engine.probe(1000);
    clock.turn();
    expect(await again).toBe(0);
    expect(clock.timers).toBe(timers);
    expect(engine.stats).toMatchObject({ channels: 0, subscriptions: 0, connections: 0, published: 0 });
  });

  it('rejects with timeout when what was stored is not announced', async () => {
    const { engine, clock } = createHarness(channels, { store: new DeafStore() });
    const took = engine.probe(1000);
    clock.advance(1000);
    await expect(took).rejects.toMatchObject({ code: 'timeout' });
    expect(engine.stats.channels).toBe(0);
  });

  it('gives the feed back when the store answers after the time limit', async () => {
    const store = new SlowStore();
    const { engine, clock } = createHarness(channels, { store });
    const took = engine.probe(1000);
    clock.advance(1000);
    await expect(took).rejects.toMatchObject({ code: 'timeout' });
    store.answer();
    await new Promise(setImmediate);
    expect(engine.stats.channels).toBe(0);
    expect(store.watched).toBe(0);
  });

  it('rejects with going-away when the engine is closed meanwhile, and leaves nothing behind', async () => {
    const { engine, clock } = createHarness(channels, { store: new DeafStore() });
    const took = engine.probe(1000);
    const closed = engine.close();
    await expect(took).rejects.toMatchObject({ code: 'going-away' });
    await closed;
    expect([clock.timers, engine.stats.channels]).toEqual([0, 0]);
  });

  it('rejects with what the store failed with, and while draining with going-away', async () => {
    const { engine, clock } = createHarness(channels, { store: new BrokenStore() });
    const failed = engine.probe(1000);
    clock.advance(500);
    await expect(failed).rejects.toMatchObject({ code: 'unavailable', cause: { message: 'disk full' } });
    const drained = engine.drain(0);
    clock.turn();
    await drained;
    await expect(engine.probe(1000)).rejects.toMatchObject({ code: 'going-away' });
  });

  it('tries once more what fails for a moment', async () => {
    const store = new MemoryStore(storePorts);
    let failures = 0;
    const flaky = Object.assign(Object.create(store) as MemoryStore, {
      append: (...args: Parameters<MemoryStore['append']>) => {
        if (failures++ === 0) throw new Error('MOVED 1 127.0.0.1:1');
        return store.append(...args);
      },
      watch: (...args: Parameters<MemoryStore['watch']>) => store.watch(...args),
      read: (...args: Parameters<MemoryStore['read']>) => store.read(...args),
      bounds: (channel: string) => store.bounds(channel),
    });
    const { engine, clock } = createHarness(channels, { store: flaky });
    const took = engine.probe(1000);
    clock.advance(500);
    clock.turn();
    expect(await took).toBe(500);
    expect(engine.stats.channels).toBe(0);
  });

  it('rejects when a part of the store cannot be used, though the log of the probe can', async () => {
    const { engine, clock } = createHarness(channels, { store: new PartlyFrozenStore() });
    const took = engine.probe(1000);
    await new Promise(setImmediate);
    clock.advance(500);
    await expect(took).rejects.toMatchObject({ code: 'unavailable' });
  });

  it('CH-1: writes to a log that no client can name', async () => {
    const { engine, clock, connect } = createHarness(channels);
    const took = engine.probe(1000);
    clock.turn();
    await took;
    const peer = connect();
    peer.send({ type: 'subscribe', id: 1, channel: `$probe/${engine.node}` });
    clock.turn();
    expect(peer.take('error')).toMatchObject([{ id: 1, code: 'unknown-channel' }]);
    await expect(engine.history(`$probe/${engine.node}`)).rejects.toMatchObject({ code: 'unknown-channel' });
  });
});

const storePorts = { clock: { now: () => 0 } as never, makeId: () => 'epoch' };

class DeafStore extends MemoryStore {
  constructor() {
    super(storePorts);
  }
  override watch(): () => void {
    return () => undefined;
  }
}

class SlowStore extends MemoryStore {
  watched = 0;
  answer = (): void => undefined;
  constructor() {
    super(storePorts);
  }
  override watch(): never {
    return new Promise((resolve) => {
      this.answer = () => {
        this.watched++;
        resolve(() => this.watched--);
      };
    }) as never;
  }
}

class BrokenStore extends MemoryStore {
  constructor() {
    super(storePorts);
  }
  override append(): never {
    throw new Error('disk full');
  }
}

class PartlyFrozenStore extends MemoryStore {
  constructor() {
    super(storePorts);
  }
  check(): Promise<void> {
    return Promise.reject(new Error('one of three masters is frozen'));
  }
}
