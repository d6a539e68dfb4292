import { LongwaveError } from '@longwave/protocol';
import { expect, it } from 'vitest';
import { settle, startLate } from '../testing/late-parts.js';
import { put, stands, state } from '../testing/states.js';

it('loads once for what is first used, and asks for the view that was set last', async () => {
  const { h, loads } = startLate();
  h.accept();
  const told: unknown[] = [];
  const watch = h.client.channel('map').watch({ keys: ['a'] }, (entries) => told.push([...entries]));
  const other = h.client.channel('other').watchValue();
  watch.setView({ keys: ['b'] });
  watch.track('c');
  watch.untrack('b');
  expect([watch.state, watch.position, watch.getSnapshot().size, watch.entry('a'), watch.view]).toEqual([
    ...['pending', undefined, 0, undefined],
    { keys: ['c'] },
  ]);
  expect([other.getSnapshot(), loads.states.length, h.link.take()]).toEqual([undefined, 1, []]);
  loads.states[0]!.give();
  await settle();
  const [asked, second] = h.link.take();
  expect([asked, second]).toMatchObject([
    { type: 'subscribe', channel: 'map', view: { keys: ['c'] } },
    { type: 'subscribe', channel: 'other' },
  ]);
  h.link.say(stands(second, 0, { top: 7 }), state(7, [put('', 7)], { channel: 'other' }));
  expect([other.state, other.getSnapshot(), await other.ready]).toEqual(['live', 7, { epoch: 'e1', offset: 7 }]);
  watch.setView({ keys: ['d'] });
  expect(h.link.take().at(-1)).toMatchObject({ type: 'subscribe', channel: 'map', view: { keys: ['d'] } });
  h.client.channel('third').watch();
  expect([loads.states.length, h.link.take()[0]]).toMatchObject([1, { type: 'subscribe', channel: 'third' }]);
  h.client.close();
});

it('tells listeners that came before the part of each update, and shows the same snapshot until then', async () => {
  const { h, loads } = startLate();
  h.accept();
  const watch = h.client.channel('a').watch();
  let updates = 0;
  const stop = watch.subscribe(() => updates++);
  const empty = watch.getSnapshot();
  loads.states[0]!.give();
  await settle();
  h.link.say(stands(h.link.take()[0], 0, { top: 1 }), state(1, [put('x', 1)]));
  expect([updates, empty.size, [...watch.getSnapshot()], watch.entry('x')?.version]).toEqual([1, 0, [['x', 1]], 1]);
  stop();
  watch.unsubscribe();
  expect([h.link.take(), watch.state, updates]).toMatchObject([[{ type: 'unsubscribe' }], 'ended', 1]);
  h.client.close();
});

it('ends what waits for it with the client, and leaves no timer', async () => {
  const { h, loads } = startLate();
  h.accept();
  const ends: string[] = [];
  const { presence } = h.client.channel('map') as never as { presence: { enter(data: unknown): Promise<string> } };
  const watch = h.client.channel('map').watch({ onEnd: ({ code }) => ends.push(code) });
  const entered = presence.enter({ name: 'Ada' });
  loads.states[0]!.fail();
  await settle();
  h.client.close();
  await expect(watch.ready).rejects.toMatchObject({ code: 'closed' });
  await expect(entered).rejects.toBeInstanceOf(LongwaveError);
  expect([ends, watch.state, h.clock.timers]).toEqual([['closed'], 'ended', 0]);
  const { leave } = presence as never as { leave(): Promise<void> };
  await leave.call(presence);
  expect(loads.states).toHaveLength(1);
});

it('asks for nothing that was given up meanwhile', async () => {
  const { h, loads } = startLate();
  h.accept();
  const watch = h.client.channel('map').watch();
  watch.unsubscribe();
  loads.states[0]!.give();
  await settle();
  expect([h.link.take(), watch.state]).toEqual([[], 'ended']);
  h.client.close();
});

it('ends a watch of a channel that is subscribed to by then', async () => {
  const { h, loads } = startLate();
  h.accept();
  const watch = h.client.channel('a').watch();
  h.client.channel('a').subscribe(() => {});
  loads.states[0]!.give();
  await settle();
  await expect(watch.ready).rejects.toMatchObject({ code: 'wrong-mode' });
  h.client.close();
});

it('enters and leaves in the order of the calls', async () => {
  const { h, loads } = startLate();
  h.accept();
  const { presence } = h.client.channel('map') as never as {
    presence: { enter(data: unknown): Promise<string>; leave(): Promise<void> };
  };
  await presence.leave();
  expect(loads.states).toHaveLength(0);
  const data = { name: 'Ada' };
  const entered = presence.enter(data);
  data.name = 'Bob';
  const left = presence.leave();
  loads.states[0]!.give();
  await expect(entered).rejects.toMatchObject({ code: 'closed' });
  loads.sending[0]!.give();
  await settle();
  const frames = h.link.take();
  expect(frames).toMatchObject([{ type: 'enter', data: { name: 'Ada' } }, { type: 'exit' }]);
  h.link.say({ type: 'done', id: (frames[1] as { id: number }).id });
  await left;
  h.client.close();
});
