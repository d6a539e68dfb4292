import { existsSync, readFileSync } from 'node:fs';
import { listFiles } from '../lib/files.mjs';
import { root } from '../lib/root.mjs';

/** Pages beside those of `docs/`: the documents of the root, and the READMEs. */
const ROOT_PAGES = ['SPEC.md', 'ARCHITECTURE.md', 'CONTRIBUTING.md', 'CHANGELOG.md', 'SECURITY.md'];
const README_FOLDERS = ['packages', 'apps', 'examples', 'bench', 'chaos', 'conformance', 'proxies'];

/**
 * @typedef {object} Page
 * @property {string} source path of the file in the repository
 * @property {string} route where the site has it, without an ending: `guides/chat`
 * @property {string} title its first heading
 * @property {string} markdown
 */

/**
 * Every page of the site that is a file of the repository.
 * @returns {Page[]}
 */
export function readPages() {
  const sources = [
    ...listFiles(['docs'], /\.md$/),
    ...ROOT_PAGES.filter((file) => existsSync(root + file)),
    // Those in `templates/` belong to the applications that are made of them.
    ...listFiles(README_FOLDERS, /^(?!.*\/templates\/)(.*\/)?README\.md$/),
  ];
  return sources.map((source) => {
    const markdown = readFileSync(root + source, 'utf8');
    return { source, route: routeOf(source), title: titleOf(markdown) ?? source, markdown };
  });
}

/** @param {string} source */
function routeOf(source) {
  return source
    .replace(/^docs\//, '')
    .replace(/\.md$/, '')
    .replace(/\/README$/, '')
    .toLowerCase();
}

function titleOf(markdown) {
  return /^# (.+)$/m.exec(markdown)?.[1].replaceAll('`', '');
}
