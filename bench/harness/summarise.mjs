import { summedNames } from './faults.mjs';
import { median } from './statistics.mjs';

/**
 * @typedef {import('./benchmark.mjs').Row} Row
 * @typedef {import('./run-benchmark.mjs').Sample} Sample
 */

/** Four significant digits are more than the figures carry; the file stays small. */
const round = (/** @type {number} */ value) => (Number.isInteger(value) ? value : Number(value.toPrecision(4)));

/**
 * @param {Sample[]} samples
 * @param {Sample[]} others
 * @param {string} name
 */
function ratio(samples, others, name) {
  const pairs = samples.flatMap((sample) => {
    const other = others.find(({ repetition }) => repetition === sample.repetition);
    return other ? [Number(sample.figures[name]) / Number(other.figures[name])] : [];
  });
  return pairs.length ? round(median(pairs)) : undefined;
}

/**
 * @param {import('./benchmark.mjs').Benchmark} benchmark
 * @param {import('./benchmark.mjs').Peer[]} peers
 * @param {boolean} full
 * @param {Sample[]} samples
 * @returns {Row[]}
 */
export function summarise(benchmark, peers, full, samples) {
  return benchmark.cells(full).flatMap(({ label }) => {
    const of = (/** @type {string} */ peer) =>
      samples.filter((sample) => sample.cell === label && sample.peer === peer);
    return peers.flatMap(({ name }) => {
      const own = of(name);
      if (own.length === 0) return [];
      /** @type {Row['figures']} */
      const figures = {};
      for (const key of new Set(own.flatMap((sample) => Object.keys(sample.figures)))) {
        const values = own.map((sample) => sample.figures[key]).filter((value) => value !== undefined);
        figures[key] = summedNames.includes(key)
          ? values.reduce((sum, value) => sum + value, 0)
          : round(median(values));
      }
      const floor = ratio(own, of('floor'), benchmark.ratioOf);
      const bun = ratio(own, of('bun'), benchmark.ratioOf);
      const ratios = { ...(floor !== undefined && { floor }), ...(bun !== undefined && { bun }) };
      return [{ benchmark: benchmark.name, cell: label, peer: name, repetitions: own.length, figures, ratios }];
    });
  });
}
