import { createBinaryClientCodec } from '@longwave/protocol';
import { WebSocket } from 'ws';
import { encodeUp } from '../../../packages/rooms/dist/wire/up.js';
import { real, room } from '@longwave/rooms';

const { inputLayouts } = room({
  entities: {},
  inputs: { stick: { dx: real(-1, 1, 0.01), dy: real(-1, 1, 0.01) } },
});

/**
 * A player as raw frames of the binary codec. `shape` says which room it plays in.
 * @param {number} port @param {number} index @param {import('../arena.mjs').Shape} shape
 */
export function openLongwave(port, index, { players, tick: rate }) {
  const codec = createBinaryClientCodec();
  const socket = new WebSocket(`ws://127.0.0.1:${port}/longwave`, 'longwave.v1.binary', { perMessageDeflate: false });
  socket.binaryType = 'nodebuffer';
  const channel = `arena/${Math.floor(index / players)}`;
  let seq = 0;
  /** The step of the first snapshot, and when it came: the bot has no other clock. */
  let began = { tick: 1, at: performance.now() };
  /** @param {Buffer} message */
  const onFirst = (message) => {
    const first = codec.decode(message).find(({ type }) => type === 'snapshot');
    if (first?.type !== 'snapshot') return;
    began = { tick: first.offset, at: performance.now() };
    socket.off('message', onFirst);
  };
  socket.on('message', onFirst);
  socket.on('open', () => {
    const hello = [
      codec.encode({ type: 'connect', version: 1, client: `bot-${index}`, turn: 1 }),
      codec.encode({ type: 'enter', id: 1, channel, data: {} }),
      codec.encode({ type: 'subscribe', id: 2, channel }),
    ];
    socket.send(codec.join(hello));
  });
  return {
    socket,
    /** @param {number} dx @param {number} dy */
    act(dx, dy) {
      // A little ahead, as a client does.
      const tick = began.tick + Math.round(((performance.now() - began.at) * rate) / 1000) + 3;
      const inputs = [{ seq: ++seq, tick, kind: 0, mode: /** @type {const} */ ('held'), values: { dx, dy } }];
      const data = encodeUp({ inputLayouts }, { held: 1, sentAt: Math.floor(performance.now()), inputs });
      socket.send(codec.encode({ type: 'input', channel, data }));
    },
  };
}
