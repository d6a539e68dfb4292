import { Worker } from 'node:worker_threads';
import { type SimulationResult, simulate } from '../simulation/simulation.js';

/** Seeds given to a worker at once. */
const batchSize = 50;

/** Runs seeds, on as many threads as asked for. `onResult` is awaited one at a time. */
export async function runSeeds(
  from: number,
  count: number,
  workers: number,
  onResult: (result: SimulationResult) => Promise<void>,
): Promise<void> {
  if (workers === 1 || count <= batchSize) {
    for (let seed = from; seed < from + count; seed++) await onResult(await simulate({ seed }));
    return;
  }
  let next = from;
  const take = (): { from: number; count: number } | undefined => {
    const size = Math.min(batchSize, from + count - next);
    next += size;
    return size > 0 ? { from: next - size, count: size } : undefined;
  };
  let told: Promise<void> = Promise.resolve();
  await Promise.all(
    Array.from({ length: workers }, () =>
      runWorker(take, (result) => {
        told = told.then(() => onResult(result));
      }),
    ),
  );
  await told;
}

function runWorker(take: () => object | undefined, onResult: (result: SimulationResult) => void): Promise<void> {
  return new Promise((resolve, reject) => {
    const worker = new Worker(new URL('./worker.js', import.meta.url));
    worker.on('message', (results: readonly SimulationResult[]) => {
      for (const result of results) onResult(result);
      const batch = take();
      if (batch) worker.postMessage(batch);
      else void worker.terminate().then(() => resolve());
    });
    worker.on('error', reject);
    worker.postMessage(take());
  });
}
