// The clients that are compared, for Node and for a page alike. Each calls `onMessage` with every message, in order.
import { binaryCodec, connect, webSocketTransport } from 'longwave/client';
import { io } from 'socket.io-client';

/** @typedef {(message: { readonly n: number }) => void} OnMessage */
/** @typedef {new (url: string, protocols: string[]) => WebSocket} WebSocketConstructor */

/** @typedef {import('./sources.mjs').ClientName} ClientName */

/** @type {Record<ClientName, (port: number, onMessage: OnMessage, WebSocket: WebSocketConstructor) => void>} */
export const clients = {
  'longwave-json': (...given) => longwave('json', ...given),
  'longwave-binary': (...given) => longwave(binaryCodec(), ...given),
  bare: (port, onMessage, WebSocket) => {
    const socket = new WebSocket(`ws://127.0.0.1:${port}/`, []);
    socket.onmessage = ({ data }) => onMessage(JSON.parse(data));
  },
  'bare-batched': (port, onMessage, WebSocket) => {
    const socket = new WebSocket(`ws://127.0.0.1:${port}/`, []);
    socket.onmessage = ({ data }) => {
      for (const message of JSON.parse(data)) onMessage(message);
    };
  },
  'socket.io': (port, onMessage) => {
    io(`http://127.0.0.1:${port}`, { transports: ['websocket'] }).on('m', onMessage);
  },
};

/**
 * @param {'json' | ReturnType<typeof binaryCodec>} codec @param {number} port @param {OnMessage} onMessage
 * @param {WebSocketConstructor} WebSocket
 */
function longwave(codec, port, onMessage, WebSocket) {
  const client = connect(`http://127.0.0.1:${port}`, { codec, transport: webSocketTransport({ WebSocket }) });
  client.channel('ticks').subscribe((message) => onMessage(/** @type {{ readonly n: number }} */ (message)));
}

/** Counts messages, and those that did not follow the one before. */
export class Count {
  messages = 0;
  faults = 0;
  /** @type {number | undefined} */
  #last;

  /** @type {OnMessage} */
  take = ({ n }) => {
    if (this.#last !== undefined && n !== this.#last + 1) this.faults++;
    this.#last = n;
    this.messages++;
  };
}
