// Colyseus 0.18: schema with its smallest exact types, `StateView` for what is near, renewed five times a second from a grid.
import process from 'node:process';
import { Room, Server, matchMaker } from '@colyseus/core';
import { Encoder, StateView, schema, t } from '@colyseus/schema';
import { WebSocketTransport } from '@colyseus/ws-transport';
import { move, place, radius } from '../arena.mjs';
import { serve } from './loop.mjs';

/** @type {import('../arena.mjs').Shape} */
const { players, rooms, tick, send, sees } = JSON.parse(process.argv[2] ?? '');
const viewsEveryMs = 200;
// It says itself that its own 8 KiB are too small for many players.
Encoder.BUFFER_SIZE = 1024 * 1024;

const Player = schema({ x: t.float32(), y: t.float32(), angle: t.float32(), hp: t.uint8() }, 'Player');
const State = schema({ players: sees === 'near' ? t.map(Player).view() : t.map(Player) }, 'State');

class Arena extends Room {
  maxClients = players;
  maxMessagesPerSecond = Infinity;
  patchRate = 1000 / send;
  #sticks = new Map();
  #count = 0;

  onCreate() {
    this.state = new State();
    this.seatReservationTimeout = 600;
    this.onMessageBytes(0, (client, /** @type {Uint8Array} */ bytes) => {
      this.#sticks.set(client.sessionId, { dx: (bytes[0] ?? 127) / 127 - 1, dy: (bytes[1] ?? 127) / 127 - 1 });
    });
    this.setSimulationInterval((ms) => {
      for (const [id, stick] of this.#sticks) {
        const player = this.state.players.get(id);
        if (player) move(player, stick, ms / 1000);
      }
    }, 1000 / tick);
    if (sees === 'near') this.clock.setInterval(() => this.#look(), viewsEveryMs);
  }

  /** @param {any} client */
  onJoin(client) {
    const player = new Player();
    Object.assign(player, { ...place(++this.#count), angle: 0, hp: 100 });
    this.state.players.set(client.sessionId, player);
    if (sees === 'near') {
      client.view = new StateView();
      client.seen = new Set();
      client.view.add(player);
    }
  }

  /** @param {any} client */
  onLeave(client) {
    this.state.players.delete(client.sessionId);
    this.#sticks.delete(client.sessionId);
  }

  /** Everybody's view is what lies within the radius of their own player. */
  #look() {
    const cells = new Map();
    const cell = (/** @type {number} */ x, /** @type {number} */ y) =>
      Math.floor(x / radius) * 1000 + Math.floor(y / radius);
    for (const player of this.state.players.values()) {
      const key = cell(player.x, player.y);
      const there = cells.get(key);
      if (there) there.push(player);
      else cells.set(key, [player]);
    }
    for (const client of this.clients) {
      const own = this.state.players.get(client.sessionId);
      if (!own) continue;
      const near = new Set();
      for (let dx = -radius; dx <= radius; dx += radius)
        for (let dy = -radius; dy <= radius; dy += radius)
          for (const other of cells.get(cell(own.x + dx, own.y + dy)) ?? [])
            if ((other.x - own.x) ** 2 + (other.y - own.y) ** 2 <= radius ** 2) near.add(other);
      for (const other of near) if (!client.seen.has(other)) client.view.add(other);
      for (const other of client.seen) if (!near.has(other) && other !== own) client.view.remove(other);
      client.seen = near;
    }
  }
}

const transport = new WebSocketTransport({ pingInterval: 0 });
const server = new Server({ transport, greet: false, gracefullyShutdown: false });
server.define('arena', Arena);
await server.listen(0, '127.0.0.1');
/** Where each player connects: the requests for seats are not what is measured. */
const paths = [];
for (let i = 0; i < rooms; i++) {
  const { roomId } = await matchMaker.createRoom('arena', {});
  for (let j = 0; j < players; j++) {
    const seat = await matchMaker.joinById(roomId, {});
    paths.push(`${seat.processId ?? seat.room.processId}/${roomId}?sessionId=${seat.sessionId}`);
  }
}
serve(transport.server.address().port, paths);
