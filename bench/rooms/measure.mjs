import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync } from 'node:fs';
import { resolve } from 'node:path';
import { fileURLToPath } from 'node:url';
import { serverCore } from '../harness/cores.mjs';
import { cpuNs, kernelMs } from '../harness/cpu.mjs';
import { openColyseus } from './bots/colyseus.mjs';
import { openFloor } from './bots/floor.mjs';
import { openLongwave } from './bots/longwave.mjs';
import { inputsASecond } from './cells.mjs';

/** Colyseus needs Node 22, so both servers run on it: that of npm, for the one that runs this may be older. */
const node22 = ['x64', 'arm64']
  .map((arch) => fileURLToPath(new URL(`../node_modules/node-linux-${arch}/bin/node`, import.meta.url)))
  .find((path) => existsSync(path));

export const wait = (/** @type {number} */ ms) => new Promise((resolve) => setTimeout(resolve, ms));

/** `base`: Longwave of another checkout, built, whose folder LONGWAVE_BENCH_BASE names. @typedef {'longwave' | 'base' | 'colyseus' | 'floor'} Peer */

/** @param {Peer} peer */
function serverFile(peer) {
  const base = process.env['LONGWAVE_BENCH_BASE'];
  if (peer === 'base' && base) return resolve(base, 'bench/rooms/servers/longwave.mjs');
  return fileURLToPath(new URL(`servers/${peer}.mjs`, import.meta.url));
}

/**
 * A player of that server. @param {Peer} peer @param {import('./cells.mjs').Cell} cell @param {number} port @param {number} index
 * @param {readonly string[]} paths
 */
function openBot(peer, cell, port, index, paths) {
  if (peer === 'colyseus') return openColyseus(port, paths[index] ?? '');
  return peer === 'floor' ? openFloor(port) : openLongwave(port, index, cell);
}

/**
 * A server with the rooms of a cell, on its core. `told` resolves with what it says first.
 * @param {Peer} peer @param {import('./cells.mjs').Cell} cell
 */
export function startServer(peer, cell) {
  const file = serverFile(peer);
  const child = spawn('taskset', ['-c', String(serverCore), node22 ?? process.execPath, file, JSON.stringify(cell)], {
    stdio: ['ignore', 'inherit', 'inherit', 'ipc'],
  });
  const ended = once(child, 'exit').then(([code]) =>
    Promise.reject(new Error(`The server of ${peer} ended with ${code}.`)),
  );
  ended.catch(() => undefined);
  return { child, told: Promise.race([once(child, 'message'), ended]) };
}

/**
 * Lets each bot act in its turn, so that the inputs are spread over time, in directions that change.
 * @param {readonly Pick<ReturnType<typeof openLongwave>, 'socket' | 'act'>[]} bots
 */
export function actInTurns(bots) {
  const count = bots.length;
  const begun = performance.now();
  let done = 0;
  return setInterval(() => {
    const due = Math.floor(((performance.now() - begun) / 1000) * inputsASecond * count);
    for (; done < due; done++) {
      const bot = bots[done % count];
      const angle = ((Math.floor(done / count / 20) * 7 + (done % count)) % 63) / 10;
      if (bot?.socket.readyState === 1) bot.act(Math.cos(angle), Math.sin(angle));
    }
  }, 5);
}

/**
 * Plays one cell against one peer: all players act 20 times a second, in directions that change, after a warm-up.
 * @param {Peer} peer @param {import('./cells.mjs').Cell} cell
 */
export async function measure(peer, cell) {
  const { child, told: begins } = startServer(peer, cell);
  const bots = [];
  let timer;
  try {
    const [{ port, paths }] = await begins;
    let bytes = 0;
    let frames = 0;
    let closed = 0;
    const count = cell.rooms * cell.players;
    for (let i = 0; i < count; i++) {
      const bot = openBot(peer, cell, port, i, paths);
      bot.socket.on('message', (/** @type {Buffer} */ data) => {
        frames++;
        // With the head of the WebSocket frame.
        bytes += data.length + (data.length < 126 ? 2 : 4);
      });
      bot.socket.on('close', () => closed++);
      bot.socket.on('error', () => undefined);
      bots.push(bot);
      if (i % 20 === 19) await wait(20);
    }
    if (!cell.bodies) timer = actInTurns(bots);
    await wait(8000);
    const told = () => new Promise((resolve) => (child.once('message', resolve), child.send('loop')));
    await told();
    const [cpuBefore, bytesBefore, framesBefore, at] = [cpuNs(child.pid), bytes, frames, performance.now()];
    const kernelBefore = kernelMs(child.pid);
    await wait(cell.seconds * 1000);
    const seconds = (performance.now() - at) / 1000;
    const corePercent = (cpuNs(child.pid) - cpuBefore) / 1e7 / seconds;
    const kernelPercent = (kernelMs(child.pid) - kernelBefore) / 10 / seconds;
    const loop = /** @type {{ p99Ms: number, maxMs: number }} */ (await told());
    return {
      corePercent,
      kernelPercent,
      bytesASecond: (bytes - bytesBefore) / seconds / count,
      framesASecond: (frames - framesBefore) / seconds / count,
      loopP99Ms: loop.p99Ms,
      loopMaxMs: loop.maxMs,
      closed,
    };
  } finally {
    clearInterval(timer);
    for (const { socket } of bots) socket.terminate();
    child.kill('SIGKILL');
  }
}
