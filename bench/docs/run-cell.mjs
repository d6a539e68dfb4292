import { startNoise } from './noise.mjs';
import { median } from '../harness/statistics.mjs';

/** @typedef {Record<string, number>} Figures */

/**
 * One thing that is measured. `run` measures one peer once.
 * @typedef {object} Cell
 * @property {string} name
 * @property {string} title
 * @property {(peer: string) => boolean} takes
 * @property {(sizes: import('./sizes.mjs').Sizes) => number} repetitions
 * @property {(peer: import('./peers.mjs').Peer, sizes: import('./sizes.mjs').Sizes) => Promise<Figures>} run
 */

/** @typedef {{ cell: string, peer: string, error?: string, runs: Figures[] }} Row */

/**
 * A peer that fails is not asked again, and the others go on.
 * @param {Cell} cell @param {readonly import('./peers.mjs').Peer[]} peers @param {import('./sizes.mjs').Sizes} sizes @param {number} times
 * @param {string} [once] the peer that is asked one time only
 */
export async function runCell(cell, peers, sizes, times, once) {
  /** @type {Map<string, Row>} */
  const rows = new Map(peers.map(({ name }) => [name, { cell: cell.name, peer: name, runs: [] }]));
  for (let i = 0; i < times; i++) {
    // A B, B A, A B: what changes with time hits all alike.
    for (const peer of i % 2 === 0 ? peers : peers.toReversed()) {
      const row = rows.get(peer.name);
      if (!row || row.error !== undefined || (i > 0 && peer.name === once)) continue;
      process.stderr.write(`  ${cell.name} ${i + 1}/${times}: ${peer.name}\n`);
      try {
        const endNoise = startNoise();
        const figures = await cell.run(peer, sizes);
        row.runs.push({ ...figures, noisePercent: endNoise() });
      } catch (error) {
        row.error = error instanceof Error ? error.message : String(error);
        process.stderr.write(`  ${error instanceof Error ? error.stack : error}\n`);
      }
    }
  }
  return [...rows.values()];
}

/** @param {readonly Figures[]} runs @returns {Figures} */
export function medians(runs) {
  return Object.fromEntries(
    Object.keys(runs[0] ?? {}).map((key) => [key, Number(median(runs.map((run) => run[key] ?? NaN)).toPrecision(4))]),
  );
}
