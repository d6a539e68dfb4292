import { existsSync, readFileSync } from 'node:fs';
import { root } from '../lib/root.mjs';

/** Names as the page writes them. */
const names = {
  longwave: 'Longwave',
  floor: 'the floor',
  bun: 'Bun',
  'socket.io': 'Socket.IO',
  'engine.io': 'Engine.IO',
  'longwave-y': 'Longwave, y-websocket clients',
  hocuspocus: 'Hocuspocus',
  'y-websocket': 'y-websocket',
  colyseus: 'Colyseus',
};

/** @param {string} peer */
export const nameOf = (peer) => names[peer] ?? peer;

/**
 * The results of a run, or undefined where it was not done or not kept.
 * @param {string} name
 */
export function readResults(name) {
  const file = name.includes('/') ? name : `bench/results/${name}.json`;
  return existsSync(root + file) ? JSON.parse(readFileSync(root + file, 'utf8')) : undefined;
}

/**
 * A chart of one figure of a benchmark, for each cell and peer.
 * @param {{ rows: any[] }} results
 * @param {{ title: string, unit: string, key: string, benchmark?: string, cells?: readonly string[], peers: readonly string[], label?: (cell: string) => string }} options
 * @returns {import('./svg.mjs').Chart}
 */
export function chartOf({ rows }, { title, unit, key, benchmark, cells, peers, label = (cell) => cell }) {
  const own = rows.filter((row) => benchmark === undefined || row.benchmark === benchmark);
  const shown = cells ?? [...new Set(own.map(({ cell }) => cell))];
  return {
    title,
    unit,
    series: peers.map(nameOf),
    groups: shown.map((cell) => ({
      name: label(cell),
      values: peers.map((peer) =>
        valueOf(
          own.find((row) => row.cell === cell && row.peer === peer),
          key,
        ),
      ),
    })),
  };
}

function valueOf(row, key) {
  if (row === undefined) return undefined;
  const { figures, repetitions } = row;
  // A median of three says what it says as long as two of them are sound.
  if (figures.saturated * 2 > repetitions) return 'saturated';
  return figures[key] ?? undefined;
}

/**
 * A sentence about figures to be careful with, if there are any.
 * @param {{ rows: any[] }} results
 * @param {(row: any) => boolean} isShown
 */
export function remarksOn({ rows }, isShown) {
  const list = (found, count) =>
    found
      .map((row) => `${nameOf(row.peer)} at ${row.benchmark} ${row.cell} (${count(row.figures)} of ${row.repetitions})`)
      .join(', ');
  const own = rows.filter(isShown);
  const partly = own.filter(
    ({ figures, repetitions }) => figures.saturated > 0 && figures.saturated * 2 <= repetitions,
  );
  const noisy = own.filter(({ figures }) => figures.noisy > 0);
  return [
    ...(partly.length > 0
      ? [`Saturated in some of its repetitions: ${list(partly, ({ saturated }) => saturated)}.`]
      : []),
    ...(noisy.length > 0
      ? [
          `Something else used the machine in repetitions of ${list(noisy, ({ noisy }) => noisy)}: be careful with these.`,
        ]
      : []),
  ];
}

/** Where and when a run was made. */
export function environmentOf({ environment: { date, node, kernel, cpu, cores, commit } }) {
  const day = new Date(`${date}T00:00:00Z`).toLocaleDateString('en-GB', {
    day: 'numeric',
    month: 'long',
    year: 'numeric',
    timeZone: 'UTC',
  });
  return `${day}, ${cores} cores (${cpu}), Node ${node}, Linux ${kernel.replace(/-.*/, '')}, commit \`${commit}\``;
}
