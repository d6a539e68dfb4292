import { createReader, publicEntries } from '../lib/entries.mjs';

/**
 * The API reference: a page for each entry that applications import, of the declarations and their comments.
 * @returns {{ route: string, title: string, markdown: string }[]}
 */
export function referencePages() {
  const reader = createReader();
  const entries = [...publicEntries()].map(([entry, file]) => ({ entry, names: reader.namesOf(file) }));
  /** The route of the page on which a name stands: the first entry that exports it. */
  const homes = new Map();
  for (const { entry, names } of entries) for (const { name } of names) if (!homes.has(name)) homes.set(name, entry);
  return entries.map(({ entry, names }) => ({
    route: routeOfEntry(entry),
    title: entry,
    markdown: renderEntry(entry, names, homes),
  }));
}

/** Routes and titles of these pages, for the sidebar. */
export function referenceRoutes() {
  return [...publicEntries().keys()].map((entry) => ({ route: routeOfEntry(entry), title: entry }));
}

/** @param {string} entry */
const routeOfEntry = (entry) => `reference/${entry.replace('@', '').replaceAll('/', '-')}`;

function renderEntry(entry, names, homes) {
  const link = (name, label = name) =>
    homes.has(name) ? `[\`${label}\`](/${routeOfEntry(homes.get(name))}#${name.toLowerCase()})` : `\`${label}\``;
  const sorted = names.toSorted((a, b) => Number(b.isValue) - Number(a.isValue) || (a.name < b.name ? -1 : 1));
  const own = sorted.filter(({ name }) => homes.get(name) === entry);
  const others = sorted.filter(({ name }) => homes.get(name) !== entry);
  const parts = [`# ${entry}\n`, `\`\`\`ts\nimport { … } from '${entry}';\n\`\`\`\n`];
  for (const { name, doc, signatures } of own) {
    parts.push(`## ${name}\n`, renderDoc(doc, link));
    if (signatures.length > 0) parts.push(`\`\`\`ts\n${signatures.join('\n')}\n\`\`\`\n`);
  }
  if (others.length > 0) {
    parts.push('## The same as elsewhere\n', others.map(({ name }) => link(name)).join(', '), '');
  }
  return parts.join('\n');
}

const TAGS = { throws: 'Throws', returns: 'Returns', default: 'Default', see: 'See', deprecated: 'Deprecated' };

/** A comment as Markdown: its text, then what its tags say. Text that is no code cannot become an element of the page. */
function renderDoc(doc, link) {
  const [text, ...tags] = doc.split(/^@(?=[a-z]+)/m);
  const parts = [renderText(text, link)];
  const parameters = [];
  for (const tag of tags) {
    const [, name, body] = /^([a-z]+)\s*([^]*)$/i.exec(tag);
    if (name === 'param') {
      const [, parameter, about] = /^(\S+)\s*(?:-\s*)?([^]*)$/.exec(body.trim()) ?? [];
      if (parameter !== undefined) parameters.push(`- \`${parameter}\`: ${renderText(about, link).trim()}`);
    } else if (name === 'example') {
      const code = body.trim();
      parts.push(code.startsWith('```') ? `${code}\n` : `\`\`\`ts\n${code}\n\`\`\`\n`);
    } else if (TAGS[name] !== undefined) {
      parts.push(`**${TAGS[name]}.** ${renderText(body, link).trim()}\n`);
    } else parts.push(renderText(body, link));
  }
  if (parameters.length > 0) parts.splice(1, 0, `${parameters.join('\n')}\n`);
  return parts.join('\n');
}

function renderText(text, link) {
  return `${text
    .replaceAll(/\{@link ([\w.]+)(?:[ |]+([^}]+))?\}/g, (_, target, label) =>
      link(target.split('.')[0], label ?? target),
    )
    .split(/(`[^`]*`)/)
    .map((part) => (part.startsWith('`') ? part : part.replaceAll('<', '&lt;').replaceAll('{{', '&#123;&#123;')))
    .join('')
    .trim()}\n`;
}
