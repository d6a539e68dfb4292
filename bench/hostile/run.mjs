// node bench/hostile/run.mjs [attack ...]: an honest client's p99 beside each attack, as a multiple of its calm p99 in the same run.
// README.md of bench/ tells what the phases are and what the figures mean. Loopback, bounded.
import { execFileSync, fork, spawnSync } from 'node:child_process';
import { once } from 'node:events';
import { writeFileSync } from 'node:fs';
import { availableParallelism, constants, setPriority } from 'node:os';
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
/** Servers have the first processor, clients the second: what an attacker computes takes nothing from a server. */
const isPinned = availableParallelism() >= 2 && spawnSync('taskset', ['-V']).status === 0;
function start(name, args, processor) {
  const child = fork(file(name), args);
  if (isPinned) spawnSync('taskset', ['-acp', String(processor), String(child.pid)]);
  return child;
}

async function startServer() {
  const server = start('server.mjs', [], 0);
  const [{ port }] = await once(server, 'message');
  return { server, port };
}

async function measure(attack) {
  const [attacked, neighbour] = [await startServer(), await startServer()];
  const honest = start('honest.mjs', [String(attacked.port)], 1);
  await once(honest, 'message');
  /** One phase: what the honest client saw, and what the server did meanwhile. */
  const phase = async () => {
    attacked.server.send('begin');
    honest.send({ ms: phaseMs });
    const [{ p50, p99 }] = await once(honest, 'message');
    attacked.server.send('end');
    const [work] = await once(attacked.server, 'message');
    return { p50, p99, ...work };
  };
  const beside = async ({ port }) => {
    const attacker = start('attacker.mjs', [attack, String(port)], 1);
    setPriority(attacker.pid, constants.priority.PRIORITY_LOW);
    await sleep(300);
    const seen = await phase();
    await end(attacker);
    await sleep(restMs);
    return seen;
  };
  await phase();
  const seen = { calm: [], beside: [], attacked: [] };
  for (let i = 0; i < phases && attacked.server.exitCode === null; i++) {
    seen.calm.push(await phase());
    seen.beside.push(await beside(neighbour));
    seen.attacked.push(await beside(attacked));
  }
  const survived = attacked.server.exitCode === null;
  for (const child of [honest, attacked.server, neighbour.server]) await end(child);
  const of = (kind, figure) => median(seen[kind].map((one) => one[figure]));
  const ratio = of('attacked', 'p99') / of('calm', 'p99');
  const frames = of('attacked', 'frames') - of('calm', 'frames');
  const cpuMs = of('attacked', 'cpuMs') - of('calm', 'cpuMs');
  return {
    calmP99: round(of('calm', 'p99')),
    besideP99: round(of('beside', 'p99')),
    attackedP99: round(of('attacked', 'p99')),
    ratio: round(ratio),
    ratioToBeside: round(of('attacked', 'p99') / of('beside', 'p99')),
    calmP50: round(of('calm', 'p50')),
    attackedP50: round(of('attacked', 'p50')),
    loopP99: { calm: round(of('calm', 'loopP99')), attacked: round(of('attacked', 'loopP99')) },
    serverCpuPercent: round((of('attacked', 'cpuMs') / phaseMs) * 100),
    calmCpuPercent: round((of('calm', 'cpuMs') / phaseMs) * 100),
    framesPerSecond: Math.round((frames / phaseMs) * 1000),
    cpuUsPerFrame: frames > 0 ? round((cpuMs * 1000) / frames) : undefined,
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
const text = `${JSON.stringify({ bar, phases, phaseMs, pinned: isPinned, results }, null, 2)}\n`;
if (process.env.OUT) writeFileSync(process.env.OUT, text);
process.exit(Object.values(results).every(({ ok }) => ok) ? 0 : 1);
