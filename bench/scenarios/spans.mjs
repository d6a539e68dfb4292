/**
 * The warm-up takes seconds, for a window behind half a second measures compiling as much as running: a build with more code lost by a
 * third there, and won a few seconds later.
 *
 * How long to publish: before measuring, while measuring, and how long to wait for what is still under way.
 * @param {boolean} full
 */
export function spans(full) {
  return full
    ? { 'warmup-ms': 5000, 'window-ms': 4000, 'drain-ms': 3000 }
    : { 'warmup-ms': 4000, 'window-ms': 2000, 'drain-ms': 2000 };
}
