import { cpSync, existsSync, mkdirSync, readdirSync, rmSync, statSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { root } from '../lib/root.mjs';
import { staged } from './folders.mjs';
import { isExternal, mapLinks, mapText, resolveLink } from './links.mjs';
import { readPages } from './pages.mjs';
import { referencePages } from './reference.mjs';

/**
 * Puts the pages of the site together: those of the repository, whose links lead to pages of the site or to copies of files, and the
 * API reference.
 */
export function stage() {
  const pages = readPages();
  const routes = new Map(pages.map(({ source, route }) => [source, route]));
  const copies = new Set();
  rmSync(root + staged, { recursive: true, force: true });
  for (const { source, route, markdown } of pages) {
    const linked = mapLinks(withPictures(markdown), (target) => siteLink(source, target, routes, copies));
    write(`${route}.md`, source === 'SPEC.md' ? withRuleAnchors(linked) : linked);
  }
  for (const { route, markdown } of referencePages()) write(`${route}.md`, markdown);
  copyTo('apps/gallery/web/public/icon.svg', 'icon.svg');
  for (const place of copies) {
    if (isFolder(place)) write(`files/${place}.md`, listFolder(place));
    else copy(place);
  }
  return pages;
}

/** A link of the repository as a link of the site. */
function siteLink(page, target, routes, copies) {
  if (isExternal(target)) return target;
  const { place, hash } = resolveLink(page, target);
  const anchor = hash === '' ? '' : `#${hash}`;
  const readme = `${place}/README.md`;
  const route = routes.get(place) ?? routes.get(readme);
  if (route !== undefined) return `/${route}${anchor}`;
  if (!existsSync(root + place)) return target;
  copies.add(place);
  return isFolder(place) ? `/files/${place}` : `/${nameOfCopy(place)}`;
}

const isFolder = (place) => statSync(root + place).isDirectory();

/** A page for a folder without a README: its files. */
function listFolder(place) {
  const files = readdirSync(root + place, { withFileTypes: true }).filter((entry) => entry.isFile());
  const items = files.map(({ name }) => {
    copy(`${place}/${name}`);
    return `- [${name}](/${nameOfCopy(`${place}/${name}`)})`;
  });
  return `# ${place}/\n\n${items.join('\n')}\n`;
}

const isImage = (file) => /\.(svg|png|jpg|webp)$/.test(file);

/** A file that is no page is shown as text, whatever it is. */
const nameOfCopy = (file) => `files/${file.replace(/^\./, '')}${isImage(file) ? '' : '.txt'}`;

const copy = (file) => copyTo(file, nameOfCopy(file));

function copyTo(file, name) {
  const target = path.join(root, staged, 'public', name);
  mkdirSync(path.dirname(target), { recursive: true });
  cpSync(root + file, target);
}

/** A picture with a dark form: the site has a switch of its own, so it has both, and shows one. */
function withPictures(markdown) {
  return markdown.replaceAll(
    /<picture>\s*<source [^>]*srcset="([^"]+)"[^>]*>\s*<img src="([^"]+)" alt="([^"]*)">\s*<\/picture>/g,
    (_, dark, light, alt) =>
      `<img class="in-light" src="${light}" alt="${alt}">\n<img class="in-dark" src="${dark}" alt="${alt}">`,
  );
}

/** Rules can be linked to: `/spec#pub-4`. */
function withRuleAnchors(markdown) {
  return mapText(markdown, (text) =>
    text.replace(/^(\s*- \*\*)([A-Z]+-\d+)\*\*/, (_, head, id) => `${head}<a id="${id.toLowerCase()}"></a>${id}**`),
  );
}

function write(file, text) {
  const target = path.join(root, staged, file);
  mkdirSync(path.dirname(target), { recursive: true });
  writeFileSync(target, text);
}
