// Bun at its best setting: native publish (uWebSockets' topic tree) without compression. The backpressure limit stays at
// its default; what exceeds it Bun drops, and the generator counts that as lost.
import { announce } from './announce.mjs';
import { collectGarbageOnSignal } from './collect-garbage.mjs';
import { parseTarget } from './room.mjs';

const { Bun } = /** @type {any} */ (globalThis); // no types of Bun here: the other peers are Node's

const server = Bun.serve({
  hostname: '127.0.0.1',
  port: 0,
  fetch(/** @type {Request} */ request, /** @type {any} */ server) {
    return server.upgrade(request, { data: parseTarget(request.url) }) ? undefined : new Response('', { status: 400 });
  },
  websocket: {
    perMessageDeflate: false,
    open(/** @type {any} */ socket) {
      if (socket.data.role === 'sub') socket.subscribe(socket.data.room);
    },
    message(/** @type {any} */ socket, /** @type {string} */ message) {
      if (socket.data.role === 'pub') server.publish(socket.data.room, message);
      else if (socket.data.role === 'echo') socket.send(message);
    },
  },
});

announce(server.port);
collectGarbageOnSignal();
