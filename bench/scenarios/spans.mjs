/**
 * How long to publish: before measuring, while measuring, and how long to wait for what is still under way.
 * @param {boolean} full
 */
export function spans(full) {
  return full
    ? { 'warmup-ms': 1500, 'window-ms': 4000, 'drain-ms': 3000 }
    : { 'warmup-ms': 500, 'window-ms': 1000, 'drain-ms': 2000 };
}
