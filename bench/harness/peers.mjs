import { existsSync, readFileSync } from 'node:fs';
import { resolve } from 'node:path';
import { fileURLToPath } from 'node:url';
import { longwave, longwaveLate } from '../drivers/longwave.mjs';
import { raw } from '../drivers/raw.mjs';
import { socketIo } from '../drivers/socket-io.mjs';

/**
 * @typedef {import('./scenario-file.mjs').Speaker} Speaker
 * @typedef {import('./scenario-file.mjs').Message} Message
 *
 * How the generator speaks to a peer.
 * @typedef {object} Driver
 * @property {boolean} publisherPerRoom  a publisher is bound to its room; otherwise one publishes to all
 * @property {Speaker} subscriber
 * @property {Speaker} publisher
 * @property {Speaker} echo
 * @property {Message} [reset]  found in a message that announces a break of continuity
 * @property {(port: number, count: number) => Promise<Speaker>} [prepareResume]  publishes `count` payloads into room 000 and
 *   returns a subscriber that asks for all of them from its old position
 *
 * @typedef {object} Peer
 * @property {string} name
 * @property {string} setting  one line for the report: the setting it was given
 * @property {string[]} command
 * @property {Driver} driver
 */

const file = (/** @type {string} */ name) => fileURLToPath(new URL(`../${name}`, import.meta.url));
const node = (/** @type {string[]} */ ...args) => [process.execPath, '--expose-gc', ...args];
const bun = ['x64', 'aarch64'].map((cpu) => file(`node_modules/@oven/bun-linux-${cpu}/bin/bun`)).find(existsSync);

/** Longwave over the stores that `bench/stores/run.mjs` has started, and names as `name=url`. @returns {Peer[]} */
function storePeers() {
  const stores = process.env['LONGWAVE_BENCH_STORES']?.split(',') ?? [];
  return stores.map((text) => {
    const [name, url] = /** @type {[string, string]} */ (text.split('='));
    return {
      name: `longwave-${name}`,
      setting: `as longwave, over ${name}`,
      command: ['env', `LONGWAVE_BENCH_STORE=${url}`, ...node(file('peers/longwave.mjs'))],
      driver: longwave,
    };
  });
}

/** Longwave as another checkout has it, built: the folder is named by LONGWAVE_BENCH_BASE. @returns {Peer[]} */
function basePeers() {
  const folder = process.env['LONGWAVE_BENCH_BASE'];
  if (!folder) return [];
  return [
    {
      name: 'base',
      setting: 'Longwave of another commit',
      command: node(resolve(folder, 'bench/peers/longwave.mjs')),
      driver: readFileSync(resolve(folder, 'SPEC.md'), 'utf8').includes('WIRE-17') ? longwave : longwaveLate,
    },
  ];
}

/** In the order of the tables. @returns {Peer[]} */
export function listPeers() {
  /** @type {(Peer | undefined)[]} */
  const peers = [
    {
      name: 'longwave',
      setting: 'as it comes: binary subprotocol, memory store, 1,000 operations retained, every publish acknowledged',
      command: node(file('peers/longwave.mjs')),
      driver: longwave,
    },
    bun
      ? {
          name: 'longwave-bun',
          setting: 'as longwave, on the host for Bun',
          command: [bun, file('peers/longwave-bun.mjs')],
          driver: longwave,
        }
      : undefined,
    ...storePeers(),
    ...basePeers(),
    {
      name: 'floor',
      setting: 'bare Node, one shared buffer per room and turn, one write per socket',
      command: node(file('peers/floor.mjs')),
      driver: raw,
    },
    {
      name: 'floor-uncoalesced',
      setting: 'bare Node, one shared buffer per message',
      command: node(file('peers/floor.mjs'), '--uncoalesced'),
      driver: raw,
    },
    bun
      ? { name: 'bun', setting: 'native publish, no compression', command: [bun, file('peers/bun.mjs')], driver: raw }
      : undefined,
    {
      name: 'ws',
      setting: 'no compression, no client tracking, no UTF-8 check, a send per client',
      command: node(file('peers/ws.mjs')),
      driver: raw,
    },
    {
      name: 'socket.io',
      setting: 'WebSocket only, no compression, io.to(room).emit',
      command: node(file('peers/socket-io.mjs')),
      driver: socketIo,
    },
  ];
  return peers.filter((peer) => peer !== undefined);
}
