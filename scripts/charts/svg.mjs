/**
 * @typedef {object} Chart
 * @property {string} title
 * @property {string} unit
 * @property {readonly string[]} series names, in the order of their bars
 * @property {readonly { name: string, values: readonly (number | string | undefined)[] }[]} groups
 *   a value for each series: a number, a word in place of a bar, or nothing
 */

const themes = {
  light: {
    text: '#23272e',
    quiet: '#555c66',
    grid: '#d9dde2',
    bars: ['#0f6f6f', '#8a94a2', '#c08a2d', '#5b78b5', '#a3586d', '#777'],
  },
  dark: {
    text: '#e6e8eb',
    quiet: '#a8afb9',
    grid: '#3a3f47',
    bars: ['#4fc3bd', '#8f99a8', '#dfae57', '#86a3dd', '#d3899f', '#aaa'],
  },
};

const WIDTH = 720;
const LABELS = 150;
const VALUES = 70;
const BAR = 16;
const GAP = 14;

/**
 * A chart of horizontal bars, as an image of its own.
 * @param {Chart} chart
 * @param {'light' | 'dark'} mode
 */
export function drawChart({ title, unit, series, groups }, mode) {
  const { text, quiet, grid, bars } = themes[mode];
  const highest = Math.max(...groups.flatMap(({ values }) => values.filter((value) => typeof value === 'number')));
  const length = WIDTH - LABELS - VALUES;
  const lines = [];
  const legend = legendOf(series, bars, quiet);
  let y = 44 + legend.height;
  for (const { name, values } of groups) {
    const shown = values.map((value, index) => ({ value, index })).filter(({ value }) => value !== undefined);
    lines.push(
      `<text x="${LABELS - 10}" y="${y + (shown.length * (BAR + 2)) / 2 + 4}" text-anchor="end" fill="${text}">${escape(name)}</text>`,
    );
    for (const { value, index } of shown) {
      if (typeof value === 'number') {
        const width = Math.max(1, (value / highest) * length).toFixed(1);
        lines.push(
          `<rect x="${LABELS}" y="${y}" width="${width}" height="${BAR}" rx="2" fill="${bars[index % bars.length]}"/>`,
          `<text x="${(LABELS + Number(width) + 6).toFixed(1)}" y="${y + 12}" fill="${text}">${escape(figure(value))}</text>`,
        );
      } else
        lines.push(
          `<text x="${LABELS + 6}" y="${y + 12}" fill="${quiet}">${escape(`${series[index]}: ${value}`)}</text>`,
        );
      y += BAR + 2;
    }
    y += GAP;
  }
  const height = y + 4;
  return `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 ${WIDTH} ${height}" width="${WIDTH}" height="${height}" role="img" font-family="system-ui, sans-serif" font-size="13">
<title>${escape(`${title}, ${unit}`)}</title>
<text x="0" y="16" fill="${text}" font-size="15" font-weight="600">${escape(title)}</text>
<text x="${WIDTH}" y="16" text-anchor="end" fill="${quiet}">${escape(unit)}</text>
${legend.svg}
<line x1="${LABELS}" y1="${36 + legend.height}" x2="${LABELS}" y2="${height - GAP}" stroke="${grid}"/>
${lines.join('\n')}
</svg>
`;
}

function legendOf(series, bars, fill) {
  let x = 0;
  const items = series.map((name, index) => {
    const item = `<rect x="${x}" y="28" width="11" height="11" rx="2" fill="${bars[index % bars.length]}"/><text x="${x + 16}" y="38" fill="${fill}">${escape(name)}</text>`;
    x += 34 + name.length * 7.2;
    return item;
  });
  return { svg: items.join('\n'), height: 10 };
}

const escape = (text) => text.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('>', '&gt;');

/**
 * A number as people write it: three digits that count.
 * @param {number} value
 */
export function figure(value) {
  if (value === 0) return '0';
  const digits = Math.max(0, 2 - Math.floor(Math.log10(Math.abs(value))));
  const rounded = Number(value.toPrecision(3));
  return rounded.toLocaleString('en-US', { minimumFractionDigits: 0, maximumFractionDigits: Math.min(digits, 6) });
}
