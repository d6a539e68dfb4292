/**
 * Tells the harness where the server listens.
 * @param {number} port
 */
export function announce(port) {
  // With an exit of its own a profile is written.
  process.once('SIGINT', () => process.exit());
  process.stdout.write(`listening ${port}\n`);
}
