import { LongwaveError } from '@longwave/protocol';
import { expect, it } from 'vitest';
import { type Display, type LazyStore, lazyStore } from './lazy-store.js';

interface Shown {
  readonly count: number;
}

/** A store whose openings are written down. */
function createStore() {
  const displays: Display<Shown>[] = [];
  const closed: number[] = [];
  const store = lazyStore<Shown>({ count: 0 }, (display) => {
    const opening = displays.push(display);
    return () => closed.push(opening);
  });
  return { store, displays, closed };
}

function listen(store: LazyStore<Shown>) {
  const seen: (readonly [string, number])[] = [];
  const stop = store.subscribe(() => {
    const { state, count } = store.getSnapshot();
    seen.push([state, count]);
  });
  return { seen, stop };
}

/** Until the microtasks that were asked for so far have run. */
const settled = (): Promise<void> => Promise.resolve();

it('opens with the first listener, tells all, and closes when the last has gone', async () => {
  const { store, displays, closed } = createStore();
  expect(store.getSnapshot()).toEqual({ state: 'pending', error: undefined, count: 0 });
  expect(displays).toHaveLength(0);
  const [a, b] = [listen(store), listen(store)];
  expect(displays).toHaveLength(1);
  displays[0]!.show({ count: 1 });
  a.stop();
  await settled();
  displays[0]!.show({ count: 2 });
  expect([a.seen, b.seen]).toEqual([
    [['live', 1]],
    [
      ['live', 1],
      ['live', 2],
    ],
  ]);
  expect(closed).toEqual([]);
  b.stop();
  await settled();
  expect(closed).toEqual([1]);
});

it('stays open for a listener that comes back at once', async () => {
  const { store, displays, closed } = createStore();
  listen(store).stop();
  const { stop } = listen(store);
  await settled();
  expect([displays.length, closed]).toEqual([1, []]);
  stop();
  stop();
  await settled();
  expect(closed).toEqual([1]);
});

it('is one object until something in it changes', () => {
  const { store, displays } = createStore();
  const { seen } = listen(store);
  displays[0]!.show({ count: 1 });
  const before = store.getSnapshot();
  displays[0]!.show({ count: 1 });
  expect(store.getSnapshot()).toBe(before);
  expect(seen).toHaveLength(1);
});

it('keeps what it showed when it is opened again, and hears nothing of the time before', async () => {
  const { store, displays } = createStore();
  const first = listen(store);
  displays[0]!.show({ count: 1 });
  first.stop();
  await settled();
  displays[0]!.show({ count: 7 });
  displays[0]!.end(new LongwaveError('closed'));
  const { seen } = listen(store);
  expect(store.getSnapshot()).toEqual({ state: 'pending', error: undefined, count: 1 });
  displays[1]!.show({ count: 2 });
  expect(seen.at(-1)).toEqual(['live', 2]);
  expect(store.getServerSnapshot()).toEqual({ state: 'pending', error: undefined, count: 0 });
});

it('shows what ended it, also when it could not be opened; a mistake is thrown', async () => {
  const { store, displays } = createStore();
  listen(store);
  displays[0]!.show({ count: 1 });
  const error = new LongwaveError('forbidden');
  displays[0]!.end(error);
  expect(store.getSnapshot()).toEqual({ state: 'ended', error, count: 1 });

  const refused = lazyStore<Shown>({ count: 0 }, () => {
    throw error;
  });
  const { stop } = listen(refused);
  expect(refused.getSnapshot()).toEqual({ state: 'ended', error, count: 0 });
  stop();
  await settled();

  const broken = lazyStore<Shown>({ count: 0 }, () => {
    throw new TypeError('No view.');
  });
  expect(() => listen(broken)).toThrow('No view.');
});
