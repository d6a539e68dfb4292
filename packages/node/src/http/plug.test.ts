import { once } from 'node:events';
import { Duplex } from 'node:stream';
import { expect, it, vi } from 'vitest';
import { type PlugOwner, plug } from './plug.js';

/** A socket whose peer reads, with a connection that is closed. */
function openSocket(written: (done: () => void) => void = (done) => done()) {
  const socket = new Duplex({ read: () => undefined, final: (done) => written(() => done()), autoDestroy: false });
  const connection = { state: 'closed', receive: () => undefined, transportEnded: () => undefined };
  plug(socket, {
    connection,
    messageTimeoutMs: 1000,
    watch: undefined,
    onDrain: () => undefined,
  } as unknown as PlugOwner);
  return { socket, ended: vi.spyOn(socket, 'end') };
}

it('a socket that a Close frame has ended is gone with its peer, and is not ended twice', async () => {
  const { socket, ended } = openSocket();
  const timers = vi.spyOn(globalThis, 'setTimeout');
  socket.end();
  await once(socket, 'finish');
  const closed = once(socket, 'close');
  socket.push(null);
  await closed;
  expect([ended.mock.calls.length, timers.mock.calls.length]).toEqual([1, 0]);
  timers.mockRestore();
});

it('one that its peer ends first is ended, and waits until what was written is on its way', async () => {
  let finish = (): void => undefined;
  const { socket, ended } = openSocket((done) => (finish = done));
  const heard = once(socket, 'end');
  socket.push(null);
  await heard;
  expect([ended.mock.calls.length, socket.destroyed]).toEqual([1, false]);
  finish();
  await once(socket, 'finish');
  socket.destroy();
});
