// Drawings of docs/concepts.md. They are drawn once for each of the two themes.

const themes = {
  light: {
    text: '#23272e',
    quiet: '#555c66',
    line: '#9aa3ad',
    box: '#eef2f4',
    mark: '#0f6f6f',
    soft: '#cfe8e6',
    warn: '#a35a00',
  },
  dark: {
    text: '#e6e8eb',
    quiet: '#a8afb9',
    line: '#666f7a',
    box: '#2a2f36',
    mark: '#4fc3bd',
    soft: '#20504e',
    warn: '#e0a452',
  },
};

/** @returns {Map<string, (mode: 'light' | 'dark') => string>} */
export function drawings() {
  const found = new Map();
  for (const [id, draw] of Object.entries({ positions, modes })) found.set(id, (mode) => draw(themes[mode]));
  return found;
}

function sheet(height, title, { text }, parts) {
  return `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 720 ${height}" width="720" height="${height}" role="img" font-family="system-ui, sans-serif" font-size="14" fill="${text}">
<title>${title}</title>
${parts.join('\n')}
</svg>
`;
}

const word = (x, y, content, { fill, anchor = 'start', weight } = {}) =>
  `<text x="${x}" y="${y}" text-anchor="${anchor}"${fill ? ` fill="${fill}"` : ''}${weight ? ` font-weight="${weight}"` : ''}>${content}</text>`;

const box = (x, y, label, fill, { line }) =>
  `<rect x="${x}" y="${y}" width="44" height="32" rx="4" fill="${fill}" stroke="${line}"/>${word(x + 22, y + 21, label, { anchor: 'middle' })}`;

const arrow = (x, from, to, stroke) => {
  const head = to > from ? -7 : 7;
  return `<path d="M${x} ${from}V${to}M${x - 5} ${to + head}L${x} ${to}L${x + 5} ${to + head}" fill="none" stroke="${stroke}" stroke-width="2"/>`;
};

function positions(theme) {
  const offsets = [41, 42, 43, 44, 45, 46, 47, 48];
  const at = (offset) => 90 + (offset - 41) * 50;
  return sheet(220, 'A log, a client at its head, and one that was away', theme, [
    word(90, 40, 'the log of chat/lobby, epoch e1', { fill: theme.quiet }),
    ...offsets.map((offset) => box(at(offset), 70, String(offset), offset > 44 ? theme.soft : theme.box, theme)),
    word(80, 91, 'trimmed …', { fill: theme.quiet, anchor: 'end' }),
    arrow(at(48) + 47, 32, 66, theme.mark),
    word(at(48) + 40, 26, 'Ada is here: (e1, 48)', { anchor: 'middle', weight: 600 }),
    arrow(at(44) + 47, 150, 106, theme.warn),
    word(at(44) + 47, 170, 'Bob stopped here: (e1, 44)', { anchor: 'middle', weight: 600 }),
    word(at(44) + 47, 190, 'he says "continue after 44" to any node,', { anchor: 'middle', fill: theme.quiet }),
    word(at(44) + 47, 208, 'and gets 45 to 48, once and in order', { anchor: 'middle', fill: theme.quiet }),
    word(510, 91, 'the next one is 49', { fill: theme.quiet }),
  ]);
}

function modes(theme) {
  const row = (y, name, sent, heard, remark) => [
    word(0, y + 21, name, { weight: 600 }),
    ...sent.map((label, index) => box(110 + index * 50, y, label, theme.box, theme)),
    word(380, y + 21, '→', { fill: theme.quiet }),
    ...heard.map((label, index) => box(410 + index * 50, y, label, theme.soft, theme)),
    word(110, y + 52, remark, { fill: theme.quiet }),
  ];
  return sheet(210, 'The same five changes in a log and in a map, and what a slow reader gets of them', theme, [
    word(110, 18, 'stored', { fill: theme.quiet }),
    word(410, 18, 'a reader that was slow gets', { fill: theme.quiet }),
    ...row(
      32,
      'log',
      ['hi', 'ho', 'who?', 'me', 'bye'],
      ['hi', 'ho', 'who?', 'me', 'bye'],
      'every message counts: nothing is left out, however far behind a reader is',
    ),
    ...row(
      122,
      'map',
      ['A 10', 'B 7', 'A 11', 'A 12', 'B 8'],
      ['A 12', 'B 8'],
      'the state counts: each entry as it is now, and what came and went is left out',
    ),
  ]);
}
