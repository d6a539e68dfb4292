import { median } from '../harness/statistics.mjs';

/** Ratios to Hocuspocus by name: the cell and its figure, and the most that the ratio should be. */
const compared = {
  'open.time': { cell: 'open', figure: 'lastByteMs', bar: 1 / 5 },
  'open.cpu': { cell: 'open', figure: 'cpuMs', bar: 1 / 10 },
  'open-compacted.time': { cell: 'open-compacted', against: 'open', figure: 'lastByteMs', bar: 1 / 5 },
  'open-compacted.cpu': { cell: 'open-compacted', against: 'open', figure: 'cpuMs', bar: 1 / 10 },
  'update.cpu': { cell: 'typing', figure: 'cpuUsPerDelivery', bar: 1 / 3 },
  'update.p99': { cell: 'typing', figure: 'p99Ms', bar: 1 },
  memory: { cell: 'memory', figure: 'heldKbPerDocument', bar: 1 / 6 },
  'memory.rss': { cell: 'memory', figure: 'rssKbPerDocument', bar: 1 / 6 },
  'join.new.cpu': { cell: 'join', figure: 'newCpuMs', bar: 1 / 3 },
  'join.current.cpu': { cell: 'join', figure: 'currentCpuMs', bar: 1 / 3 },
};

/** Figures of Longwave alone, and the most that they should be. */
const absolute = {
  'size.ratio': { cell: 'size', figure: 'ratio', bar: 1.2 },
  'growth.bytes': { cell: 'growth', figure: 'storeBytes', bar: 0 },
  'awareness.kbPerSecond': { cell: 'awareness', figure: 'kbPerSecond', bar: 100 },
  'stop.open.ms': { cell: 'stops', figure: 'openMs', bar: 5 },
  'stop.compact.ms': { cell: 'stops', figure: 'compactMs', bar: 5 },
  'stop.open-y.ms': { cell: 'stops', figure: 'openYMs', bar: 5 },
  'stop.paste.ms': { cell: 'stops', figure: 'pasteMs', bar: 5 },
  'turn.open.ms': { cell: 'stops', figure: 'openTurnMs', bar: 5 },
  'turn.compact.ms': { cell: 'stops', figure: 'compactTurnMs', bar: 5 },
  'turn.open-y.ms': { cell: 'stops', figure: 'openYTurnMs', bar: 5 },
  'turn.paste.ms': { cell: 'stops', figure: 'pasteTurnMs', bar: 5 },
};

/**
 * By name: medians of the ratios within one repetition. Those of Longwave with clients of y-websocket begin with `y.`.
 * @param {readonly import('./run-cell.mjs').Row[]} rows
 */
export function ratiosOf(rows) {
  /** @param {string} cell @param {string} peer */
  const runsOf = (cell, peer) => rows.find((row) => row.cell === cell && row.peer === peer)?.runs ?? [];
  /** @type {Record<string, { ratio: number, bar: number, holds: boolean }>} */
  const ratios = {};
  /** @param {string} name @param {number[]} values @param {number} bar */
  const add = (name, values, bar) => {
    const value = Number(median(values).toPrecision(3));
    if (!Number.isNaN(value)) ratios[name] = { ratio: value, bar: Number(bar.toPrecision(3)), holds: value <= bar };
  };
  for (const [peer, prefix] of [
    ['longwave', ''],
    ['longwave-y', 'y.'],
  ]) {
    for (const [name, { cell, figure, bar, ...rest }] of Object.entries(compared)) {
      const theirs = runsOf('against' in rest ? rest.against : cell, 'hocuspocus');
      const ours = runsOf(cell, peer ?? '');
      add(
        `${prefix}${name}`,
        ours.map((run, i) => Math.max(0, run[figure] ?? NaN) / (theirs[i]?.[figure] ?? NaN)),
        bar,
      );
    }
    // The worse of both: whoever comes is one of them.
    const joins = [ratios[`${prefix}join.new.cpu`], ratios[`${prefix}join.current.cpu`]];
    add(`${prefix}join.cpu`, [Math.max(...joins.map((join) => join?.ratio ?? NaN))], 1 / 3);
  }
  for (const [name, { cell, figure, bar }] of Object.entries(absolute))
    add(
      name,
      runsOf(cell, 'longwave').map((run) => run[figure] ?? NaN),
      bar,
    );
  return ratios;
}
