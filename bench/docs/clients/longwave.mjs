import * as decoding from 'lib0/decoding';
import { binaryCodec, connect } from 'longwave/client';

/**
 * The updates in a message: its first byte is the kind. The benchmark writes no update that is sent in pieces.
 * @param {Uint8Array} message
 */
function updateOf(message) {
  if (message[0] === 0) return message.subarray(1);
  const decoder = decoding.createDecoder(message);
  const kind = decoding.readUint8(decoder);
  const pieces = decoding.readVarUint(decoder);
  if (kind !== 2 || pieces > 0) throw new Error(`A message of kind ${kind} with ${pieces} pieces was not expected.`);
  decoding.readVarString(decoder);
  return decoding.readTailAsUint8Array(decoder);
}

/** @type {import('./client.mjs').OpenDocument} The client of `longwave/client`, in the binary codec. */
export function openLongwave({ port, name, onUpdate, known }) {
  const client = connect(`http://127.0.0.1:${port}`, { codec: binaryCodec(), transport: 'websocket' });
  const channel = client.channel(name);
  let end = Infinity;
  let reached = 0;
  let unacknowledged = 0;
  /** @type {() => void} */
  let resolve = () => {};
  /** @type {(error: unknown) => void} */
  let reject = () => {};
  /** @type {Promise<void>} */
  const opened = new Promise((...functions) => ([resolve, reject] = functions));
  const subscription = channel.subscribe(
    {
      from: known?.position ?? 'start',
      onSubscribed: ({ position, recovering }) => {
        end = position.offset + recovering;
        if (recovering === 0) resolve();
      },
      onEnd: reject,
    },
    (message, { offset }) => {
      onUpdate?.(updateOf(/** @type {Uint8Array} */ (message)));
      if (offset < reached) reject(new Error(`Offset ${offset} came after ${reached}.`));
      reached = offset;
      if (offset >= end) resolve();
    },
  );
  return {
    opened,
    send(update) {
      const message = new Uint8Array(update.length + 1);
      message.set(update, 1);
      unacknowledged++;
      channel.publish(message).then(() => unacknowledged--, reject);
    },
    unacknowledged: () => unacknowledged,
    position: () => subscription.position,
    close: () =>
      new Promise((closed) => {
        client.onState(({ status }) => {
          if (status === 'closed') closed();
        });
        client.close();
      }),
  };
}
