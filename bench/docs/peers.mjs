import { openLongwave } from './clients/longwave.mjs';
import { openHocuspocus, openYWebsocket, openYWebsocketDialect } from './clients/y-clients.mjs';
import { hasDialects } from './has-dialects.mjs';

/** @typedef {{ readonly name: string, readonly server: string, readonly setting: string, readonly open: import('./clients/client.mjs').OpenDocument }} Peer */

/** With the folder of another checkout, built, in `LONGWAVE_BENCH_BASE`: its server takes part, with the clients of this one. */
const base = process.env['LONGWAVE_BENCH_BASE'] === undefined ? [] : ['base', 'base-y'];

/** @type {readonly Peer[]} */
const all = [
  {
    name: 'longwave',
    server: 'longwave',
    setting: 'LMDB, compaction in a thread; its own client, binary codec',
    open: openLongwave,
  },
  {
    name: 'longwave-y',
    server: 'longwave',
    setting: 'the same server, clients speak y-websocket',
    open: openYWebsocketDialect,
  },
  {
    name: 'hocuspocus',
    server: 'hocuspocus',
    setting: '@hocuspocus/server 4.7.0, its database extension on node:sqlite',
    open: openHocuspocus,
  },
  {
    name: 'y-websocket',
    server: 'y-websocket',
    setting: '@y/websocket-server 0.1.1, y-leveldb 0.1.2',
    open: openYWebsocket,
  },
  {
    name: 'floor',
    server: 'floor',
    setting: 'bare Node: the same messages in one write for each socket, no store and no checks',
    open: openYWebsocket,
  },
];

export const peers = [
  ...all.filter(({ name }) => hasDialects || name !== 'longwave-y'),
  ...base.map((name) => ({
    name,
    server: 'base',
    setting: 'Longwave of the other checkout',
    open: name === 'base' ? openLongwave : openYWebsocketDialect,
  })),
];
