// node bench/road-to-10m/simulate.mjs [--sizing bench/results/sizing.json] [--publishes-per-connection 0.1 ...]: what breaks first on the way to ten million, and what
// it takes. A model, not a measurement: docs/scaling.md says what it does not know. `--help` lists what it is fed with.
import { readFileSync } from 'node:fs';
import process from 'node:process';
import { fromSizing, inputs, readInputs } from './inputs.mjs';
import { smallest, storms, walk } from './remedies.mjs';
import { loads } from './capacity.mjs';

const args = process.argv.slice(2);
const print = (/** @type {string} */ text) => process.stdout.write(`${text}\n`);

/** @param {number} value */
function short(value) {
  if (value >= 1e6) return `${(value / 1e6).toPrecision(3)} M`;
  if (value >= 10_000) return `${(value / 1000).toPrecision(3)} k`;
  return value >= 100 ? value.toFixed(0) : value.toPrecision(2);
}

if (args.includes('--help')) {
  for (const [name, { value, unit, from }] of Object.entries(inputs))
    print(`--${name.replaceAll(/[A-Z]/g, (letter) => `-${letter.toLowerCase()}`)} ${value}\t${unit} (${from})`);
} else {
  const isMeasured = args[0] === '--sizing';
  const measured = isMeasured ? fromSizing(JSON.parse(readFileSync(args[1] ?? '', 'utf8'))) : {};
  const values = readInputs(isMeasured ? args.slice(2) : args, measured);
  /** What held one size is where the next begins. @type {import('./capacity.mjs').Deployment | undefined} */
  let held;
  for (const connections of [100_000, 1_000_000, 10_000_000]) {
    const from = { ...(held ?? smallest(values, connections)), connections };
    const { deployment, steps, holds } = walk(values, from);
    held = deployment;
    print(`\n=== ${short(connections)} connections${holds ? '' : ': no remedy is enough'}`);
    for (const { name, use, unit, over, words } of steps) {
      print(`${name}: ${short(use)} ${unit}, ${over.toFixed(1)} times what is wanted\n    → ${words}`);
    }
    const { processes, masters, proxies, cells } = deployment;
    print(
      `holds with ${processes} nodes on ${Math.ceil(processes / values.coresPerMachine)} machines, ${masters} Redis masters, ${proxies} proxies, ${cells} cell(s)`,
    );
    const saving = walk(values, { ...from, leasePerNode: true }).deployment.masters;
    if (saving < masters)
      print(`one lease for a node in place of one for each member, which is not there yet: ${saving} masters`);
    const fullest = Object.entries(loads(values, deployment))
      .map(([name, { use, capacity }]) => ({ name, used: use / capacity }))
      .toSorted((a, b) => b.used - a.used)
      .slice(0, 4);
    print(`fullest: ${fullest.map(({ name, used }) => `${name} ${used.toFixed(2)}`).join(', ')}`);
    for (const storm of storms(values, deployment)) {
      print(
        `${storm.name}: ${short(storm.clients)} clients, ${short(storm.perSecond)}/s (${storm.slowest}); half are back after ${storm.halfSeconds.toFixed(1)} s, 99 % after ${storm.mostSeconds.toFixed(1)} s, ${storm.attemptsEach.toFixed(2)} attempts each, ${Math.round(storm.wastedShare * 100)} % of the work in vain`,
      );
    }
  }
}
