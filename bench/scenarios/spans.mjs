/**
 * Where code has run for half a second, as much is measured of compiling it as of running it: a build that has more code loses by a
 * third there what it wins a few seconds later.
 *
 * How long to publish: before measuring, while measuring, and how long to wait for what is still under way.
 * @param {boolean} full
 */
export function spans(full) {
  return full
    ? { 'warmup-ms': 5000, 'window-ms': 4000, 'drain-ms': 3000 }
    : { 'warmup-ms': 4000, 'window-ms': 2000, 'drain-ms': 2000 };
}
