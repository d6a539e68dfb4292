import { monitorEventLoopDelay } from 'node:perf_hooks';
import process from 'node:process';

/** Tells the parent the port, and on each message how long the event loop was stopped since the last one. @param {number} port @param {readonly string[]} [paths] */
export function serve(port, paths) {
  const loop = monitorEventLoopDelay({ resolution: 1 });
  loop.enable();
  process.on('message', () => {
    process.send?.({ p99Ms: loop.percentile(99) / 1e6, maxMs: loop.max / 1e6 });
    loop.reset();
  });
  process.on('disconnect', () => process.exit());
  process.send?.({ port, paths });
}
