import { cpuNs } from '../harness/cpu.mjs';
import { openLongwave } from './bots/longwave.mjs';
import { actInTurns, startServer, wait } from './measure.mjs';

/** Time for the link to fill, or to drain, before a window counts. */
const settleMs = 1500;

/**
 * The time between two snapshots for 99 players, while the link of one more takes nothing, and while it does: windows of both in turn. The link
 * of a player who merely does not read would take minutes to fill: this one asks for more than it holds.
 * @param {import('./cells.mjs').Cell} cell
 */
export async function measureSlow(cell) {
  const { child, told } = startServer('longwave', cell);
  /** @type {ReturnType<typeof openLongwave>[]} */
  const bots = [];
  let timer;
  try {
    const [{ port }] = await told;
    /** @type {number[]} */
    let gaps = [];
    let slowFrames = 0;
    for (let i = 0; i < cell.players; i++) {
      const bot = openLongwave(port, i, cell);
      let last = 0;
      bot.socket.on('message', () => {
        const now = performance.now();
        if (i === 0) slowFrames++;
        else if (last > 0) gaps.push(now - last);
        last = now;
      });
      bot.socket.on('error', () => undefined);
      bots.push(bot);
      if (i % 20 === 19) await wait(20);
    }
    timer = actInTurns(bots);
    await wait(8000);
    const [slow] = bots;
    /** @type {{ calm: number[], slow: number[] }} */
    const p99 = { calm: [], slow: [] };
    const cpuMs = { calm: 0, slow: 0 };
    let framesWhileSlow = 0;
    for (let window = 0; window < 2 * cell.seconds; window++) {
      const isSlow = window % 2 === 1;
      if (isSlow) {
        slow?.socket.pause();
        slow?.flood();
      } else slow?.socket.resume();
      await wait(settleMs);
      gaps = [];
      slowFrames = 0;
      const before = cpuNs(child.pid);
      await wait(2000);
      const which = isSlow ? 'slow' : 'calm';
      cpuMs[which] += (cpuNs(child.pid) - before) / 1e6;
      p99[which].push(quantile(gaps, 0.99));
      if (isSlow) framesWhileSlow += slowFrames;
    }
    const [calm, slowed] = [quantile(p99.calm, 0.5), quantile(p99.slow, 0.5)];
    return {
      calmP99Ms: calm,
      slowP99Ms: slowed,
      ratio: slowed / calm,
      cpuRatio: cpuMs.slow / cpuMs.calm,
      framesWhileSlow,
    };
  } finally {
    clearInterval(timer);
    for (const { socket } of bots) socket.terminate();
    child.kill('SIGKILL');
  }
}

/** @param {readonly number[]} values @param {number} part */
function quantile(values, part) {
  const sorted = [...values].sort((a, b) => a - b);
  return sorted[Math.min(sorted.length - 1, Math.floor(sorted.length * part))] ?? Number.NaN;
}
