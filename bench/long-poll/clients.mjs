import { resolve } from 'node:path';
import { fileURLToPath } from 'node:url';
import { token } from '../peers/longwave-contract.mjs';
import { HttpClient } from './http.mjs';

/**
 * A client that polls, in the words of its peer. `onMessage` gets the payload of each message, as it was sent.
 * @typedef {{ http: HttpClient, open(): Promise<void>, run(): Promise<void>, publish(text: string): Promise<void>, stop(): void }} Poller
 * @typedef {(port: number, onMessage: (text: string) => void) => Poller} CreatePoller
 */

let clients = 0;

/** @type {CreatePoller} */
function longwave(port, onMessage) {
  const http = new HttpClient(port);
  const client = `poller-${++clients}`;
  let turn = 0;
  let seq = 0;
  /** @type {{ epoch: string, offset: number } | undefined} */
  let position;
  let stopped = false;
  const connect = () => JSON.stringify({ type: 'connect', version: 1, client, token, turn: ++turn });
  /** @param {boolean} now */
  const poll = async (now) => {
    const subscribe = { type: 'subscribe', id: turn, channel: 'room/a', ...position, ...(position && { again: true }) };
    const path = `/longwave/poll?codec=json&hold=25000${now ? '&now=1' : ''}`;
    const answer = await http.ask('POST', path, `${connect()}\n${JSON.stringify(subscribe)}`);
    for (const line of answer.split('\n')) {
      if (line === '') continue;
      const frame = JSON.parse(line.slice(6));
      if (frame.type === 'subscribed') position = { epoch: frame.epoch, offset: frame.offset };
      else if (frame.type === 'error' || frame.type === 'reset') throw new Error(line);
      else if (frame.type === 'message') {
        for (const { data } of frame.ops) onMessage(data);
        position = { epoch: frame.epoch, offset: frame.offset + frame.ops.length - 1 };
      }
    }
  };
  return {
    http,
    open: () => poll(true),
    async run() {
      while (!stopped) await poll(false);
    },
    async publish(text) {
      const frame = { type: 'publish', id: 1, channel: 'room/a', seq: ++seq, data: text };
      await http.ask('POST', '/longwave/send?codec=json', `${connect()}\n${JSON.stringify(frame)}`);
    },
    stop() {
      stopped = true;
      http.close();
    },
  };
}

/** @type {CreatePoller} Engine.IO protocol 4, whose packets stand between record separators. */
function engineIo(port, onMessage) {
  const http = new HttpClient(port);
  let path = '/engine.io/?EIO=4&transport=polling';
  let stopped = false;
  /** @type {(answer: string) => Promise<void>} */
  const read = async (answer) => {
    for (const packet of answer.split('\u001E')) {
      if (packet[0] === '0') path += `&sid=${JSON.parse(packet.slice(1)).sid}`;
      else if (packet[0] === '2') await http.ask('POST', path, '3');
      else if (packet[0] === '4') onMessage(packet.slice(1));
      else if (packet[0] === '1') throw new Error('The server closed the connection.');
    }
  };
  return {
    http,
    open: async () => read(await http.ask('GET', path)),
    async run() {
      while (!stopped) await read(await http.ask('GET', path));
    },
    async publish(text) {
      await http.ask('POST', path, `4${text}`);
    },
    stop() {
      stopped = true;
      http.close();
    },
  };
}

const peerOf = (/** @type {string} */ name) => fileURLToPath(new URL(`../peers/${name}`, import.meta.url));
/** Longwave as another checkout has it, built. */
const base = process.env['LONGWAVE_BENCH_BASE'];

/** @type {Readonly<Record<string, { readonly file: string, readonly create: CreatePoller }>>} */
export const pollingPeers = {
  longwave: { file: peerOf('longwave.mjs'), create: longwave },
  ...(base && { base: { file: resolve(base, 'bench/peers/longwave.mjs'), create: longwave } }),
  'engine.io': { file: peerOf('engine-io.mjs'), create: engineIo },
};
