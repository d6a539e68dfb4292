import process from 'node:process';

const NEEDED = [20, 19];

/** Ends the process with a clear message on a Node that is too old for what follows. */
export function requireNode() {
  const [major, minor] = process.versions.node.split('.').map(Number);
  if (major > NEEDED[0] || (major === NEEDED[0] && minor >= NEEDED[1])) return;
  console.error(`Longwave needs Node ${NEEDED.join('.')} or newer. This is ${process.version} (${process.execPath}).`);
  process.exit(1);
}
