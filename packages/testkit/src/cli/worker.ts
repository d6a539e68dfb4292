import { parentPort } from 'node:worker_threads';
import { type SimulationResult, simulate } from '../simulation/simulation.js';

Error.stackTraceLimit = 0;

/** Runs the batches of seeds that it is given. */
parentPort?.on('message', ({ from, count }: { from: number; count: number }) => {
  void run(from, count);
});

async function run(from: number, count: number): Promise<void> {
  const results: SimulationResult[] = [];
  for (let seed = from; seed < from + count; seed++) results.push(await simulate({ seed }));
  parentPort?.postMessage(results);
}
