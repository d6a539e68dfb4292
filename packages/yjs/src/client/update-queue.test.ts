import { VirtualClock } from '@longwave/testkit/virtual';
import { LongwaveError } from '@longwave/protocol';
import { describe, expect, it } from 'vitest';
import * as Y from 'yjs';
import { Assembler } from '../format/assembler.js';
import { UpdateQueue } from './update-queue.js';

interface Publish {
  readonly message: Uint8Array;
  readonly store: () => void;
  readonly refuse: (error: unknown) => void;
}

/** A queue, and a log that answers when it is told to. */
function open() {
  let order = 0;
  const clock = new VirtualClock({ next: () => order++ });
  const ydoc = new Y.Doc();
  const publishes: Publish[] = [];
  let groups = 0;
  const queue = new UpdateQueue({
    publish: (message) =>
      new Promise((resolve, reject) => publishes.push({ message, store: () => resolve(undefined), refuse: reject })),
    makeGroup: () => String(++groups).padStart(16, '0'),
    clock: { now: () => clock.time, setTimer: (callback, delayMs) => clock.after(delayMs, callback, true) },
    onChange: () => undefined,
  });
  ydoc.on('update', (update: Uint8Array) => queue.add({ update, counts: 1 }));
  queue.release();
  const turn = (): Promise<void> => new Promise((resolve) => setImmediate(resolve));
  const type = async (text: string): Promise<void> => {
    ydoc.getText('t').insert(ydoc.getText('t').length, text);
    await turn();
  };
  const textOf = (messages: readonly Uint8Array[]): string => {
    const [copy, assembler] = [new Y.Doc(), new Assembler()];
    for (const message of messages) for (const update of assembler.take(message)) Y.applyUpdate(copy, update);
    return copy.getText('t').toJSON();
  };
  const sent = (): Uint8Array[] => publishes.map(({ message }) => message);
  return { clock, queue, publishes, type, turn, textOf, sent };
}

const forbidden = new LongwaveError('forbidden');

describe('the queue of updates', () => {
  it('sends four at once, and then what came meanwhile as one', async () => {
    const { queue, publishes, type, turn, textOf, sent } = open();
    for (const letter of 'abcdefgh') await type(letter);
    expect([publishes.length, queue.unsaved]).toEqual([4, 8]);
    publishes[0]!.store();
    await turn();
    expect([publishes.length, queue.unsaved, textOf(sent())]).toEqual([5, 7, 'abcdefgh']);
    for (const { store } of publishes.slice(1)) store();
    await turn();
    expect([queue.unsaved, queue.idle]).toEqual([0, true]);
  });

  it('has a bounded number of bytes on their way', async () => {
    const { queue, publishes, type, turn, textOf, sent } = open();
    await type('x'.repeat(2_000_000));
    let done = 0;
    let most = 0;
    while (done < publishes.length) {
      const onTheirWay = publishes.slice(done);
      most = Math.max(
        most,
        onTheirWay.reduce((sum, { message }) => sum + message.length, 0),
      );
      publishes[done++]!.store();
      await turn();
    }
    expect(most).toBeLessThanOrEqual(256 * 1024);
    expect([queue.unsaved, textOf(sent()).length]).toEqual([0, 2_000_000]);
  });

  it('sends a piece that was refused again, and no other', async () => {
    const { clock, queue, publishes, type, turn, textOf, sent } = open();
    await type('x'.repeat(100_000));
    expect(publishes.length).toBe(4);
    publishes[1]!.refuse(forbidden);
    for (const i of [0, 2, 3]) publishes[i]!.store();
    await turn();
    expect([queue.unsaved, queue.error]).toEqual([1, forbidden]);
    while (clock.step(2000)) await turn();
    expect(publishes.length).toBe(5);
    expect(publishes[4]!.message).toEqual(publishes[1]!.message);
    publishes[4]!.store();
    await turn();
    expect([queue.unsaved, queue.error, textOf(sent()).length]).toEqual([0, undefined, 100_000]);
  });

  it('sends all pieces of an update again that was not whole for a day: the server lets go of them at last', async () => {
    const { clock, queue, publishes, type, turn, textOf, sent } = open();
    await type('x'.repeat(100_000));
    expect(publishes).toHaveLength(4);
    const [first, second, third, last] = publishes;
    for (const piece of [first, second, third]) piece!.store();
    last!.refuse(forbidden);
    await turn();
    clock.time += 86_400_000;
    queue.release();
    await turn();
    expect(publishes).toHaveLength(8);
    expect([textOf(sent().slice(4)).length, queue.unsaved]).toEqual([100_000, 1]);
    for (const { store } of publishes.slice(4)) store();
    await turn();
    expect([queue.unsaved, queue.idle]).toEqual([0, true]);
  });

  it('waits longer after each refusal, up to a minute', async () => {
    const { clock, queue, publishes, type, turn } = open();
    await type('x');
    const times: number[] = [];
    for (let i = 0; i < 8; i++) {
      times.push(clock.time);
      publishes.at(-1)!.refuse(forbidden);
      await turn();
      clock.step(Infinity);
      await turn();
    }
    expect(times.slice(1).map((time, i) => time - times[i]!)).toEqual([
      2000, 4000, 8000, 16_000, 32_000, 60_000, 60_000,
    ]);
    queue.release();
  });

  it('tells nothing of a full outbox, and tries again', async () => {
    const { clock, queue, publishes, type, turn } = open();
    await type('x');
    publishes[0]!.refuse(new LongwaveError('outbox-full'));
    await turn();
    expect([queue.error, queue.unsaved]).toEqual([undefined, 1]);
    while (clock.step(1000)) await turn();
    publishes[1]!.store();
    await turn();
    expect(queue.unsaved).toBe(0);
  });

  it('drops what only follows from edits of others when it is refused', async () => {
    const { queue, publishes, turn } = open();
    queue.add({ update: new Uint8Array([0, 0]), counts: 0 });
    await turn();
    publishes[0]!.refuse(forbidden);
    await turn();
    expect([queue.error, queue.unsaved, queue.idle, publishes.length]).toEqual([undefined, 0, true, 1]);
  });

  it('takes one update in place of all, which counts as they did', async () => {
    const { queue, publishes, type, turn, textOf } = open();
    queue.hold();
    for (const letter of 'abc') await type(letter);
    expect([publishes.length, queue.unsaved]).toEqual([0, 3]);
    const other = new Y.Doc();
    other.getText('t').insert(0, 'other');
    let isStored = false;
    queue.replace(Y.encodeStateAsUpdate(other), () => (isStored = true));
    await turn();
    expect([publishes.length, queue.unsaved, isStored]).toEqual([1, 3, false]);
    publishes[0]!.store();
    await turn();
    expect([queue.unsaved, isStored, textOf([publishes[0]!.message])]).toEqual([0, true, 'other']);
  });

  it('does not try again once it is to finish', async () => {
    const { clock, queue, publishes, type, turn } = open();
    await type('x');
    queue.finish();
    publishes[0]!.refuse(forbidden);
    await turn();
    expect([clock.step(Infinity), queue.unsaved, publishes.length]).toEqual([false, 1, 1]);
  });
});
