import { generate } from './generate.mjs';
import { startServer } from './server-process.mjs';
import { summarise } from './summarise.mjs';

/**
 * @typedef {import('./benchmark.mjs').Benchmark} Benchmark
 * @typedef {import('./benchmark.mjs').Peer} Peer
 * @typedef {{ cell: string, peer: string, repetition: number, figures: import('./benchmark.mjs').Figures }} Sample
 */

/**
 * @param {Benchmark} benchmark
 * @param {Peer} peer
 */
async function startWarm(benchmark, peer) {
  const server = await startServer(peer.command);
  if (benchmark.warmUp) await generate(benchmark.warmUp(peer), server);
  return server;
}

/**
 * One peer through all cells, on a fresh server.
 * @param {Benchmark} benchmark
 * @param {Peer} peer
 * @param {boolean} full
 */
async function* runPeer(benchmark, peer, full) {
  let server = await startWarm(benchmark, peer);
  let spared = false;
  try {
    for (const cell of benchmark.cells(full)) {
      if (spared) {
        yield { cell: cell.label, figures: { saturated: 1 } };
        continue;
      }
      const scenario = await benchmark.scenario(cell, peer, server, full);
      const figures = benchmark.figures(cell, await generate(scenario, server));
      yield { cell: cell.label, figures };
      const saturated = figures['saturated'] === 1;
      spared = saturated && benchmark.harder === true;
      if (!saturated && !benchmark.freshServer) continue;
      // What a saturated server has yet to send would be in the next figures.
      await server.stop();
      server = await startWarm(benchmark, peer);
    }
  } finally {
    await server.stop();
  }
}

/**
 * All repetitions, the peers in turn: A B C, C B A, A B C. What changes on the machine over minutes falls on all of them.
 * @param {Benchmark} benchmark
 * @param {Peer[]} peers
 * @param {{ full: boolean, repetitions: number, progress: (text: string) => void }} options
 */
export async function runBenchmark(benchmark, peers, { full, repetitions, progress }) {
  /** @type {Sample[]} */
  const samples = [];
  const taking = peers.filter((peer) => benchmark.takesPart?.(peer, full) ?? true);
  for (let repetition = 0; repetition < repetitions; repetition++) {
    const order = repetition % 2 ? taking.toReversed() : taking;
    for (const peer of order) {
      progress(`${benchmark.name} ${repetition + 1}/${repetitions}: ${peer.name}`);
      for await (const { cell, figures } of runPeer(benchmark, peer, full)) {
        samples.push({ cell, peer: peer.name, repetition, figures });
      }
    }
  }
  return summarise(benchmark, taking, full, samples);
}
