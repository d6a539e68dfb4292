import { createClientCodec, protocolVersion, subprotocols } from '@longwave/protocol';
import { token } from '../peers/longwave-contract.mjs';
import { formatPayload } from './payload.mjs';

const codec = createClientCodec('json');
const channel = 'room/000';
/** Publishes on their way at once; the server refuses more than 128. */
const windowSize = 64;

/**
 * Publishes `count` payloads into room 000 and returns the position before the first: where a subscriber stood that
 * missed them all.
 * @param {string} url
 * @param {number} count
 * @returns {Promise<{ epoch: string, offset: number }>}
 */
export async function publishHistory(url, count) {
  const { WebSocket } = await import('ws');
  const socket = new WebSocket(url, subprotocols.json, { perMessageDeflate: false });
  let sent = 0;
  let stored = 0;
  const publish = () => {
    sent++;
    const data = JSON.parse(formatPayload(0, sent - 1));
    socket.send(codec.encode({ type: 'publish', id: sent + 1, channel, seq: sent, data }));
  };
  return new Promise((resolve, reject) => {
    /** @type {{ epoch: string, offset: number } | undefined} */
    let position;
    socket.on('error', reject);
    socket.on('close', () => reject(new Error('The server closed the connection that publishes the history.')));
    socket.on('open', () => {
      socket.send(codec.encode({ type: 'connect', version: protocolVersion, client: 'bench-history', token }));
      socket.send(codec.encode({ type: 'subscribe', id: 1, channel }));
    });
    socket.on('message', (/** @type {Buffer} */ message) => {
      for (const frame of codec.decode(message.toString())) {
        if (frame.type === 'subscribed') {
          position = { epoch: frame.epoch, offset: frame.offset };
          while (sent < Math.min(count, windowSize)) publish();
        } else if (frame.type === 'ack') {
          if (sent < count) publish();
          if (++stored < count || !position) continue;
          resolve(position);
          socket.terminate();
        } else if (frame.type === 'error' || frame.type === 'bad') {
          reject(new Error(`The history could not be published: ${frame.message}`));
        }
      }
    });
  });
}
