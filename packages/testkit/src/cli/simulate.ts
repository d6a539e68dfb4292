import { simulate } from '../simulation.js';
const from = Number(process.argv[2] ?? 1), n = Number(process.argv[3] ?? 10);
const t0 = performance.now(); let bad = 0, steps = 0, stored = 0;
for (let seed = from; seed < from + n; seed++) {
  const r = await simulate({ seed });
  steps += r.steps; stored += r.stored;
  if (r.violations.length) { bad++; console.log(seed, r.profile.store, r.violations[0]); }
}
console.log(bad, 'bad', steps / n, stored / n, (n / ((performance.now() - t0) / 1000)).toFixed(1), "seeds/s", (n / (process.cpuUsage().user/1e6)).toFixed(1), "per cpu s");
if (n === 1) { const trace: string[] = []; await simulate({ seed: from, trace }); console.log(trace.slice(-Number(process.argv[4] ?? 60)).join('\n')); }
