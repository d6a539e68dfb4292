// node deploy/check.mjs [files] [cluster] [image]: tries what stands in this folder, as far as the machine has the programs.
import process from 'node:process';
import { say } from './check/run.mjs';

/** Loaded when it is their turn: they need the packages built. @type {Record<string, () => Promise<void>>} */
const steps = {
  files: async () => (await import('./check/files.mjs')).checkFiles(),
  cluster: async () => (await import('./check/cluster.mjs')).checkCluster(),
  image: async () => (await import('./check/image.mjs')).checkImage(),
};

const wanted = process.argv.slice(2);
const unknown = wanted.filter((name) => !Object.hasOwn(steps, name));
if (unknown.length > 0)
  throw new Error(`No such step: ${unknown.join(', ')}. There are: ${Object.keys(steps).join(', ')}.`);

const sum = { passed: 0, failed: 0 };
for (const [name, step] of Object.entries(steps)) {
  if (wanted.length > 0 && !wanted.includes(name)) continue;
  say(`=== ${name}`);
  try {
    await step();
    sum.passed += 1;
  } catch (error) {
    sum.failed += 1;
    const { message, stderr } = /** @type {Error & { stderr?: string }} */ (error);
    say(`FAILED: ${message}\n${stderr ?? ''}`);
  }
}
say(`${sum.passed} passed, ${sum.failed} failed`);
// Clients and servers may leave a socket behind that is closing.
process.exit(sum.failed === 0 ? 0 : 1);
