import { createBinaryClientCodec } from '@longwave/protocol';
import { WebSocket } from 'ws';

/** Unsigned LEB128. @param {readonly number[]} numbers */
function bytesOf(numbers) {
  const bytes = [];
  for (const number of numbers) {
    let rest = number;
    for (; rest > 127; rest = Math.floor(rest / 128)) bytes.push((rest % 128) | 128);
    bytes.push(rest);
  }
  return Uint8Array.from(bytes);
}

/** The step of the first snapshot, in front of which stand facts of the player, its clock and a number of all it knows. @param {Uint8Array} data */
function stepOf(data) {
  const [has = 0] = data;
  let skip = (has & 8 ? 3 : 0) + (has & 1 ? 2 : 0) + (has & 2 ? 1 : 0);
  let step = 0;
  for (let at = 1, scale = 1; at < data.length; at++) {
    const byte = data[at] ?? 0;
    step += (byte & 127) * scale;
    scale *= 128;
    if (byte > 127) continue;
    if (skip-- === 0) return step;
    step = 0;
    scale = 1;
  }
  return step;
}

/** A short number for the epoch of a room, in front of what is meant for it. @param {string} epoch */
function tagOf(epoch) {
  let hash = 0;
  for (let i = 0; i < epoch.length; i++) hash = Math.imul(hash, 31) + epoch.charCodeAt(i);
  return hash & (2 ** 14 - 1);
}

/** An axis of the stick, -1 to 1 in steps of 0.01, as its number. @param {number} value */
const axis = (value) => Math.round((value + 1) * 100);
/** The first kind of input, and it is held. */
const heldStick = 1;

/**
 * A player as raw frames of the binary codec. `shape` says which room it plays in.
 * @param {number} port @param {number} index @param {import('../arena.mjs').Shape} shape
 */
export function openLongwave(port, index, { players, tick: rate, bodies = 0 }) {
  const codec = createBinaryClientCodec();
  const socket = new WebSocket(`ws://127.0.0.1:${port}/longwave`, 'longwave.v1.binary', { perMessageDeflate: false });
  socket.binaryType = 'nodebuffer';
  const channel = `arena/${Math.floor(index / players)}`;
  let seq = 0;
  /** The step of the first snapshot, and when it came: the bot has no other clock. */
  let began = { tick: 1, at: performance.now() };
  let room = 0;
  /** @param {Buffer} message */
  const onFirst = (message) => {
    const frames = codec.decode(message);
    const subscribed = frames.find(({ type }) => type === 'subscribed');
    if (subscribed?.type === 'subscribed') room = tagOf(subscribed.epoch);
    const first = frames.find(({ type }) => type === 'snapshot');
    if (first?.type !== 'snapshot' || !(first.data instanceof Uint8Array)) return;
    began = { tick: stepOf(first.data), at: performance.now() };
    socket.off('message', onFirst);
  };
  socket.on('message', onFirst);
  socket.on('open', () => {
    const hello = [
      codec.encode({ type: 'connect', version: 1, client: `bot-${index}`, turn: 1 }),
      ...(bodies > 0 ? [] : [codec.encode({ type: 'enter', id: 1, channel, data: {} })]),
      codec.encode({ type: 'subscribe', id: 2, channel }),
    ];
    socket.send(codec.join(hello));
  });
  let floods = 2;
  return {
    socket,
    /** Asks for more than its link holds, anew each time. */
    flood() {
      const frames = [
        codec.encode({ type: 'unsubscribe', id: ++floods, channel: 'flood' }),
        codec.encode({ type: 'subscribe', id: ++floods, channel: 'flood', last: 10_000 }),
      ];
      socket.send(codec.join(frames));
    },
    /** @param {number} dx @param {number} dy */
    act(dx, dy) {
      // A little ahead, as a client does.
      const tick = began.tick + Math.round(((performance.now() - began.at) * rate) / 1000) + 3;
      // Its room, the last snapshot that it has (any but none), how old its picture is, its clock, one input: number, step, kind and values.
      const data = bytesOf([room, 1, 9, Math.floor(performance.now()), 1, ++seq, tick, heldStick, axis(dx), axis(dy)]);
      socket.send(codec.encode({ type: 'input', channel, data }));
    },
  };
}
