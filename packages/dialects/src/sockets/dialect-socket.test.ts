import { setImmediate as nextTurn } from 'node:timers/promises';
import type { WebSocketPeer } from '@longwave/node';
import { expect, it, vi } from 'vitest';
import { DialectSocket } from './dialect-socket.js';

function open() {
  const written: number[][] = [];
  const peer: WebSocketPeer = {
    ...{ onMessage: undefined, onClose: undefined, onPong: undefined, onDrain: undefined },
    ...{ protocol: undefined, open: true, bufferedBytes: 0 },
    send: () => true,
    sendFrames(parts) {
      written.push(parts.flatMap((part) => [...part]));
      return true;
    },
    hold: () => undefined,
    ping: () => true,
    close: (code) => void written.push([code!]),
    terminate: () => undefined,
  };
  const nothing = (): void => undefined;
  const socket = new DialectSocket({
    ...{ peer, rate: { messagesPerSecond: 1, bytesPerSecond: 1 } },
    ...{ onMessage: nothing, onDrain: nothing, onHeard: nothing, onClose: nothing },
  });
  return { peer, socket, written };
}

const frame = (...bytes: number[]) => [Uint8Array.from(bytes)];

it('a frame that goes soon goes in front of the next one, in one write', async () => {
  const { socket, written } = open();
  socket.sendSoon(frame(1));
  socket.sendSoon(frame(2, 3));
  expect(written).toEqual([]);
  socket.send(frame(4));
  socket.send(frame(5));
  await nextTurn();
  expect(written).toEqual([[1, 2, 3, 4], [5]]);
});

it('it goes at the end of the turn where none follows', async () => {
  const { socket, written } = open();
  socket.sendSoon(frame(1));
  await nextTurn();
  socket.sendSoon(frame(2));
  await nextTurn();
  expect(written).toEqual([[1], [2]]);
});

it('it goes before the socket is closed, and not after it is gone', async () => {
  vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout'] });
  const { peer, socket, written } = open();
  socket.sendSoon(frame(1));
  socket.endWith(4000, 'reason', 0);
  vi.advanceTimersByTime(0);
  vi.useRealTimers();
  const gone = open();
  gone.socket.sendSoon(frame(2));
  gone.peer.onClose?.(1006, '');
  peer.onClose?.(4000, '');
  await nextTurn();
  expect([written, gone.written]).toEqual([[[1], [4000]], []]);
});
