/**
 * A benchmark's rows as a Markdown table, aligned to be read in a terminal as well.
 * @param {import('./benchmark.mjs').Benchmark} benchmark
 * @param {import('./benchmark.mjs').Row[]} rows
 */
export function formatTable({ title, note, columns }, rows) {
  const header = ['', 'peer', ...columns.map((column) => column.title)];
  const body = rows.map((row) => [row.cell, row.peer, ...columns.map((column) => column.show(row.figures, row))]);
  const widths = header.map((_, i) => Math.max(3, ...[header, ...body].map((cells) => String(cells[i]).length)));
  /** @param {string[]} cells */
  const line = (cells) =>
    `| ${cells.map((cell, i) => (i < 2 || i === cells.length - 1 ? cell.padEnd(widths[i] ?? 0) : cell.padStart(widths[i] ?? 0))).join(' | ')} |`;
  const rule = `| ${widths.map((width, i) => (i < 2 || i === widths.length - 1 ? '-'.repeat(width) : `${'-'.repeat(width - 1)}:`)).join(' | ')} |`;
  const repetitions = Math.max(...rows.map((row) => row.repetitions));
  const times = repetitions === 1 ? 'One repetition.' : `Medians of ${repetitions}.`;
  return [`## ${title}`, '', `${note} ${times}`, '', line(header), rule, ...body.map(line), ''].join('\n');
}
