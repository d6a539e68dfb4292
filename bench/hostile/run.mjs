// node bench/hostile/run.mjs [attack ...]: an honest client's p99 beside each attack, as a multiple of its calm p99 in the same run. Calm
// and attacked phases take turns; each figure is a median of them. The attacker runs at the lowest priority. Loopback, bounded.
import { execFileSync, fork } from 'node:child_process';
import { once } from 'node:events';
import { writeFileSync } from 'node:fs';
import { constants, setPriority } from 'node:os';
import { fileURLToPath } from 'node:url';

const phases = Number(process.env.PHASES ?? 5);
const phaseMs = Number(process.env.PHASE_MS ?? 2000);
/** For what an attack left behind to be done with. */
const restMs = 1000;
const bar = 1.2;

const file = (name) => fileURLToPath(new URL(name, import.meta.url));
const sleep = (ms) => new Promise((resolve) => setTimeout(resolve, ms));
const median = (values) => values.toSorted((a, b) => a - b)[Math.floor(values.length / 2)];
const end = async (child) => {
  if (child.exitCode !== null || child.signalCode !== null) return;
  child.kill('SIGKILL');
  await once(child, 'exit');
};

async function measure(attack) {
  const server = fork(file('server.mjs'));
  const [{ port }] = await once(server, 'message');
  const honest = fork(file('honest.mjs'), [String(port)]);
  await once(honest, 'message');
  const p99 = async () => {
    honest.send({ ms: phaseMs });
    return (await once(honest, 'message'))[0].p99;
  };
  await p99();
  const calm = [];
  const attacked = [];
  for (let i = 0; i < phases && server.exitCode === null; i++) {
    calm.push(await p99());
    const attacker = fork(file('attacker.mjs'), [attack, String(port)]);
    setPriority(attacker.pid, constants.priority.PRIORITY_LOW);
    await sleep(300);
    attacked.push(await p99());
    await end(attacker);
    await sleep(restMs);
  }
  const survived = server.exitCode === null;
  for (const child of [honest, server]) await end(child);
  const ratio = median(attacked) / median(calm);
  return {
    calmP99: round(median(calm)),
    attackedP99: round(median(attacked)),
    ratio: round(ratio),
    survived,
    ok: survived && ratio <= bar,
  };
}

const round = (value) => Math.round(value * 100) / 100;
const all = execFileSync(process.execPath, [file('attacker.mjs'), '--list', '0'], { encoding: 'utf8' })
  .trim()
  .split('\n');
const only = process.argv.slice(2);
const results = {};
for (const attack of only.length > 0 ? only : all) {
  results[attack] = await measure(attack);
  console.log(attack, JSON.stringify(results[attack]));
}
const text = `${JSON.stringify({ bar, phases, phaseMs, results }, null, 2)}\n`;
if (process.env.OUT) writeFileSync(process.env.OUT, text);
process.exit(Object.values(results).every(({ ok }) => ok) ? 0 : 1);
