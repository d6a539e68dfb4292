/**
 * Tells the harness where the server listens.
 * @param {number} port
 */
export function announce(port) {
  process.stdout.write(`listening ${port}\n`);
}
