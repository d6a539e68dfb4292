import { LongwaveError } from '@longwave/protocol';
import { expect, it } from 'vitest';
import { LazyStates } from './lazy-states.js';
import { Harness } from '../testing/harness.js';
import { type States, createStates } from './states.js';
import { put, stands, state } from '../testing/states.js';

/** A client whose part for states comes when the test says so. */
function start() {
  const loads: { give(): void; fail(): void }[] = [];
  const h = new Harness({}, (context, registry) => {
    const load = (): Promise<States> =>
      new Promise((resolve, reject) => {
        loads.push({ give: () => resolve(createStates(context, registry)), fail: () => reject(new Error('404')) });
      });
    return new LazyStates(context, load);
  });
  const settle = async (): Promise<void> => {
    for (let i = 0; i < 10; i++) await Promise.resolve();
  };
  return { h, loads, settle };
}

it('loads nothing for logs, calls and publishes', () => {
  const { h, loads } = start();
  h.client.channel('log').subscribe(() => {});
  h.accept();
  h.client.close();
  expect(loads).toHaveLength(0);
});

it('loads once for what is first used, and asks for the view that was set last', async () => {
  const { h, loads, settle } = start();
  h.accept();
  const told: unknown[] = [];
  const watch = h.client.channel('map').watch({ keys: ['a'] }, (entries) => told.push([...entries]));
  const other = h.client.channel('other').watchValue();
  watch.setView({ keys: ['b'] });
  expect([watch.state, watch.getSnapshot().size, watch.view, other.getSnapshot()]).toEqual([
    'pending',
    0,
    { keys: ['b'] },
    undefined,
  ]);
  expect([loads.length, h.link.take()]).toEqual([1, []]);
  loads[0]!.give();
  await settle();
  const [asked, second] = h.link.take();
  expect([asked, second]).toMatchObject([
    { type: 'subscribe', channel: 'map', view: { keys: ['b'] } },
    { type: 'subscribe', channel: 'other' },
  ]);
  h.link.say(stands(second, 0, { top: 7 }), state(7, [put('', 7)], { channel: 'other' }));
  expect([other.state, other.getSnapshot(), await other.ready]).toEqual(['live', 7, { epoch: 'e1', offset: 7 }]);
  h.client.channel('third').watch();
  expect([loads.length, h.link.take()[0]]).toMatchObject([1, { type: 'subscribe', channel: 'third' }]);
  h.client.close();
});

it('tries again, later and later, when loading fails, and ends nothing', async () => {
  const { h, loads, settle } = start();
  h.accept();
  const watch = h.client.channel('map').watch();
  for (const times of [1, 2, 3]) {
    loads[times - 1]!.fail();
    await settle();
    expect(h.diagnostics.filter(({ kind }) => kind === 'load')).toHaveLength(times);
    expect([h.client.state.status, watch.state]).toEqual(['connected', 'pending']);
    h.clock.advance(1_000);
    expect(loads).toHaveLength(times + 1);
  }
  loads[3]!.give();
  await settle();
  expect(h.link.take().filter(({ type }) => type === 'subscribe')).toHaveLength(1);
  h.client.close();
  expect(h.clock.timers).toBe(0);
});

it('ends what waits for it with the client, and leaves no timer', async () => {
  const { h, loads, settle } = start();
  h.accept();
  const ends: string[] = [];
  const { presence } = h.client.channel('map') as never as { presence: { enter(data: unknown): Promise<string> } };
  const watch = h.client.channel('map').watch({ onEnd: ({ code }) => ends.push(code) });
  const entered = presence.enter({ name: 'Ada' });
  loads[0]!.fail();
  await settle();
  h.client.close();
  await expect(watch.ready).rejects.toMatchObject({ code: 'closed' });
  await expect(entered).rejects.toBeInstanceOf(LongwaveError);
  expect([ends, watch.state, h.clock.timers]).toEqual([['closed'], 'ended', 0]);
});

it('asks for nothing that was given up meanwhile', async () => {
  const { h, loads, settle } = start();
  h.accept();
  const watch = h.client.channel('map').watch();
  watch.unsubscribe();
  loads[0]!.give();
  await settle();
  expect([h.link.take(), watch.state]).toEqual([[], 'ended']);
  h.client.close();
});

it('ends a watch of a channel that is subscribed to by then', async () => {
  const { h, loads, settle } = start();
  h.accept();
  const watch = h.client.channel('a').watch();
  h.client.channel('a').subscribe(() => {});
  loads[0]!.give();
  await settle();
  await expect(watch.ready).rejects.toMatchObject({ code: 'wrong-mode' });
  h.client.close();
});

it('enters and leaves in the order of the calls', async () => {
  const { h, loads, settle } = start();
  h.accept();
  const { presence } = h.client.channel('map') as never as {
    presence: { enter(data: unknown): Promise<string>; leave(): Promise<void> };
  };
  await presence.leave();
  expect(loads).toHaveLength(0);
  const data = { name: 'Ada' };
  const entered = presence.enter(data);
  data.name = 'Bob';
  const left = presence.leave();
  loads[0]!.give();
  await expect(entered).rejects.toMatchObject({ code: 'closed' });
  await settle();
  const frames = h.link.take();
  expect(frames).toMatchObject([{ type: 'enter', data: { name: 'Ada' } }, { type: 'exit' }]);
  h.link.say({ type: 'done', id: (frames[1] as { id: number }).id });
  await left;
  h.client.close();
});
