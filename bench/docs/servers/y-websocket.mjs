// @y/websocket-server with y-leveldb, as its own server has it, over the newer `ws` of this benchmark.
import { createServer } from 'node:http';
import process from 'node:process';
import { WebSocketServer } from 'ws';
import { serve, toBytes } from './orders.mjs';

const [, , folder = ''] = process.argv;
// It says so on the console.
console.info = () => {};
process.env['YPERSISTENCE'] = `${folder}/leveldb`;
const { getPersistence, setupWSConnection } = await import('@y/websocket-server/utils');

const sockets = new WebSocketServer({ noServer: true, perMessageDeflate: false });
sockets.on('connection', (socket, request) => setupWSConnection(socket, request));
const server = createServer();
server.on('upgrade', (request, socket, head) =>
  sockets.handleUpgrade(request, socket, head, (accepted) => sockets.emit('connection', accepted, request)),
);
server.listen(0, '127.0.0.1', () => {
  const { port } = /** @type {import('node:net').AddressInfo} */ (server.address());
  const { provider } = /** @type {any} */ (getPersistence());
  serve(port, {
    /** @param {import('./orders.mjs').StoredDocument} document */
    store: ({ name, state }) => provider.storeUpdate(name, toBytes(state)),
    close: () => provider.destroy(),
  });
});
