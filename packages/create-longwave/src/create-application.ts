import { randomBytes } from 'node:crypto';
import { copyFileSync, existsSync, mkdirSync, readFileSync, readdirSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import type { TemplateName } from './templates.js';

const home = path.join(import.meta.dirname, '..');
/** Here until Longwave is in the registry: `npm run pack` of its repository puts the tarball in. */
const tarballs = path.join(home, 'tarballs');

/** The files of all templates with a page, beside those of each. */
const shared = '_page';

/**
 * Writes the files of a new application into `folder`, which is made where it does not exist. Its name is that of the folder.
 * @example
 * createApplication('my-app', 'chat');
 */
export function createApplication(folder: string, template: TemplateName): void {
  const words: Readonly<Record<string, string>> = {
    name: path.basename(path.resolve(folder)),
    secret: randomBytes(32).toString('hex'),
    longwave: addLongwave(folder),
  };
  if (template !== 'bare') copy(path.join(home, 'templates', shared), folder, words);
  copy(path.join(home, 'templates', template), folder, words);
}

/** Returns what the manifest says of Longwave: its version, or the tarball, which the application gets a copy of. */
function addLongwave(folder: string): string {
  const file = existsSync(tarballs)
    ? readdirSync(tarballs).find((name) => /^longwave-\d.*\.tgz$/.test(name))
    : undefined;
  if (file === undefined) return `^${ownVersion()}`;
  mkdirSync(path.join(folder, 'vendor'), { recursive: true });
  copyFileSync(path.join(tarballs, file), path.join(folder, 'vendor', file));
  return `file:vendor/${file}`;
}

/** All packages of Longwave have one version. */
export function ownVersion(): string {
  return (JSON.parse(readFileSync(path.join(home, 'package.json'), 'utf8')) as { version: string }).version;
}

/** Copies text files. `_gitignore` becomes `.gitignore`: npm would not pack that. `{{name}}` becomes the word of that name. */
function copy(from: string, to: string, words: Readonly<Record<string, string>>): void {
  mkdirSync(to, { recursive: true });
  for (const entry of readdirSync(from, { withFileTypes: true })) {
    const source = path.join(from, entry.name);
    const target = path.join(to, entry.name.replace(/^_/, '.'));
    if (entry.isDirectory()) copy(source, target, words);
    else {
      const text = readFileSync(source, 'utf8');
      writeFileSync(
        target,
        text.replaceAll(/\{\{(\w+)\}\}/g, (all, name: string) => words[name] ?? all),
      );
    }
  }
}
