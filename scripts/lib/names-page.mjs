import { createReader, publicEntries } from './entries.mjs';

/**
 * docs/api.md: each name that applications can import, once, with one line. The problems are names that mean two things and names
 * without a line.
 * @returns {{ page: string, problems: string[] }}
 */
export function namesPage() {
  const reader = createReader();
  const entries = [...publicEntries()].map(([entry, file]) => ({ entry, names: reader.namesOf(file) }));
  return renderNames(entries);
}

/** The names of these stand in for those of `longwave`, on another runtime. */
const standIns = new Set(['longwave/bun']);

/**
 * @param {{ entry: string, names: import('./entries.mjs').Named[] }[]} entries
 * @returns {{ page: string, problems: string[] }}
 */
export function renderNames(entries) {
  const problems = [];
  /** @type {Map<string, { name: string, place: string, entries: string[], doc: string }>} */
  const all = new Map();
  for (const { entry, names } of entries) {
    for (const { name, file, declared, doc } of names) {
      const place = `${file}#${declared}`;
      const key = standIns.has(entry) ? `${entry} ${name}` : name;
      const known = all.get(key);
      if (!known) all.set(key, { name, place, entries: [entry], doc });
      else if (known.place === place) known.entries.push(entry);
      else problems.push(`${name} of ${known.entries[0]} and of ${entry} are two things: ${known.place}, ${place}`);
    }
  }
  const parts = [
    '# Names\n',
    'Each name that an application can import, once. A name that several entries export is the same thing in all of them;',
    'those of `longwave/bun` stand in for those of `longwave`. Written by',
    '`npm run api` from the comments of the declarations; signatures stand in the `api.md` of each package.\n',
  ];
  for (const { entry } of entries) {
    const own = [...all].filter(
      ([
        ,
        {
          entries: [first],
        },
      ]) => first === entry,
    );
    if (own.length === 0) continue;
    parts.push(`## ${entry}\n`, '| name | |', '|---|---|');
    for (const [, { name, entries: from, doc }] of own.toSorted(([a], [b]) => (a < b ? -1 : 1))) {
      const line = firstSentence(doc);
      if (line === '') problems.push(`${entry}: ${name} has no comment`);
      const others =
        from.length > 1
          ? ` Also of ${from
              .slice(1)
              .map((other) => `\`${other}\``)
              .join(', ')}.`
          : '';
      parts.push(`| \`${name}\` | ${line.replaceAll('|', '\\|')}${others} |`);
    }
    parts.push('');
  }
  return { page: parts.join('\n'), problems };
}

/** The first sentence, on one line, without links. */
function firstSentence(doc) {
  const text = doc
    .replace(/(^|\n)@[^]*$/, '')
    .replaceAll(/\{@link ([\w.]+)\}/g, '`$1`')
    .replaceAll(/\s+/g, ' ')
    .trim();
  return (/^.*?[.:](?= [A-Z`(-]|$)/.exec(text)?.[0] ?? text).replace(/:$/, '.');
}
