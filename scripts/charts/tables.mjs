import { figure } from './svg.mjs';

/** @param {readonly (readonly string[])[]} rows the first is the head */
export function table([head, ...rows]) {
  const line = (cells) => `| ${cells.join(' | ')} |`;
  return [line(head), line(head.map(() => '---')), ...rows.map(line)].join('\n');
}

/**
 * The numbers of a chart, as a table: a line for each series.
 * @param {import('./svg.mjs').Chart} chart
 */
export function tableOf({ unit, series, groups }) {
  const used = series
    .map((name, index) => ({ name, index }))
    .filter(({ index }) => groups.some(({ values }) => values[index] !== undefined));
  return table([
    [unit, ...groups.map(({ name }) => name)],
    ...used.map(({ name, index }) => [name, ...groups.map(({ values }) => cell(values[index]))]),
  ]);
}

const cell = (value) => (typeof value === 'number' ? figure(value) : (value ?? '–'));
