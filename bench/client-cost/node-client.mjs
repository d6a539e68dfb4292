// node bench/client-cost/node-client.mjs CLIENT PORT WARM-UP SECONDS: the processor time of one client in Node, as JSON.
import process from 'node:process';
import { setTimeout as sleep } from 'node:timers/promises';
import { WebSocket } from 'ws';
import { Count, clients } from './clients.mjs';

const [name, port, warmUp, seconds] = process.argv.slice(2);
const count = new Count();
clients[/** @type {import('./sources.mjs').ClientName} */ (name)](
  Number(port),
  count.take,
  /** @type {import('./clients.mjs').WebSocketConstructor} */ (/** @type {unknown} */ (WebSocket)),
);
await sleep(Number(warmUp) * 1000);
const before = count.messages;
const cpu = process.cpuUsage();
await sleep(Number(seconds) * 1000);
const { user, system } = process.cpuUsage(cpu);
const messages = count.messages - before;
process.stdout.write(JSON.stringify({ messages, faults: count.faults, us: (user + system) / messages }));
process.exit();
