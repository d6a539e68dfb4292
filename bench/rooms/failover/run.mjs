// npm run bench:failover [-- --times 10] [--players 20]: how long players of a room wait when its node is killed, and when it drains. Three
// nodes on one LMDB store behind a balancer that knows which are there; real clients in this process.
import { fork } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, rmSync } from 'node:fs';
import { connect as connectTo, createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import process from 'node:process';
import { setTimeout as sleep } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';
import { connect } from 'longwave/client';
import { play } from 'longwave/rooms';
import { arena } from './contract.mjs';

const { values } = parseArgs({ options: { times: { type: 'string' }, players: { type: 'string' } } });
const times = Number(values.times ?? 10);
const count = Number(values.players ?? 20);
/** For checkpoints, and for members to be known. */
const settleMs = 7000;
const lookMs = 5;
const mostMs = 15_000;

const folder = mkdtempSync(join(tmpdir(), 'longwave-failover-'));
/** @type {{ child: import('node:child_process').ChildProcess, port: number }[]} */
let nodes = [];
async function startNode() {
  const child = fork(fileURLToPath(new URL('node.mjs', import.meta.url)), [folder]);
  const [{ port }] = await once(child, 'message');
  nodes.push({ child, port });
}
async function ownerOf() {
  for (const node of nodes) {
    node.child.send('list');
    const [{ rooms }] = await once(node.child, 'message');
    if (rooms > 0) return node;
  }
  throw new Error('No node has the room.');
}

let next = 0;
const balancer = createServer((socket) => {
  const upstream = connectTo(nodes[next++ % nodes.length]?.port ?? 1, '127.0.0.1');
  for (const [from, to] of [
    [socket, upstream],
    [upstream, socket],
  ]) {
    from.pipe(to);
    from.on('error', () => to.destroy()).on('close', () => to.destroy());
  }
}).listen(0, '127.0.0.1');
await once(balancer, 'listening');
const { port } = /** @type {import('node:net').AddressInfo} */ (balancer.address());

for (let i = 0; i < 3; i++) await startNode();
const players = Array.from({ length: count }, (_, i) => {
  const client = connect(`http://127.0.0.1:${port}`, { token: `player-${i}`, onDiagnostic: () => undefined });
  return { client, played: play(client.channel('arena/1'), arena, { player: {} }) };
});
await Promise.all(players.map(({ played }) => played.ready));

/** Milliseconds from now until what each player does from now on has been seen to count. */
async function untilAllPlay() {
  const began = performance.now();
  const waiting = new Map(players.map(({ played }, i) => [i, { played, acts: -1 }]));
  /** @type {number[]} */
  const waited = [];
  while (waiting.size > 0) {
    const now = performance.now() - began;
    for (const [i, one] of waiting) {
      const { entities } = one.played.draw();
      const acts = entities.player.get(one.played.player ?? 0)?.acts;
      // The node is gone: what is on its way to this process has come by the next look.
      if (acts !== undefined && one.acts === -1) one.acts = acts;
      else if (acts !== undefined && acts !== one.acts && now > 4 * lookMs) {
        waited.push(now);
        waiting.delete(i);
        continue;
      }
      one.played.input('act', {});
    }
    if (now > mostMs) throw new Error(`${waiting.size} players do not play again within ${mostMs} ms.`);
    await sleep(lookMs);
  }
  return waited;
}

const figures = (/** @type {number[]} */ all) => {
  const sorted = all.toSorted((a, b) => a - b);
  const at = (/** @type {number} */ part) =>
    Math.round(sorted[Math.min(sorted.length - 1, Math.floor(sorted.length * part))] ?? NaN);
  return { samples: all.length, p50Ms: at(0.5), p95Ms: at(0.95), maxMs: at(1) };
};

/** @type {Record<string, number[]>} */
const results = {
  'calm (an act until it is seen)': [],
  'kill -9 of the node of the room': [],
  'drain of the node of the room': [],
};
const [calm, kill, drain] = Object.keys(results);
for (let i = 0; i < times; i++) {
  await sleep(settleMs);
  results[calm ?? '']?.push(...(await untilAllPlay()));
  for (const how of [kill, drain]) {
    await sleep(settleMs);
    const owner = await ownerOf();
    nodes = nodes.filter((node) => node !== owner);
    owner.child.kill(how === kill ? 'SIGKILL' : 'SIGTERM');
    if (how === kill) await once(owner.child, 'exit');
    results[how ?? '']?.push(...(await untilAllPlay()));
    const { size } = players[0]?.played.draw().entities.player ?? { size: 0 };
    if (size !== count) throw new Error(`${size} players are in the room, not ${count}.`);
    if (owner.child.exitCode === null && owner.child.signalCode === null) await once(owner.child, 'exit');
    await startNode();
  }
  process.stderr.write(`  ${i + 1}/${times}\n`);
}
console.table(Object.fromEntries(Object.entries(results).map(([name, all]) => [name, figures(all)])));
for (const { client } of players) client.close();
for (const { child } of nodes) child.kill('SIGKILL');
balancer.close();
rmSync(folder, { recursive: true, force: true });
process.exit(0);
