import { existsSync, readdirSync, statSync } from 'node:fs';
import path from 'node:path';

/** Files that may be in the folder of a new application already. */
const harmless = new Set(['.git', '.gitkeep', '.DS_Store', '.idea', '.vscode']);

/** Returns why `folder` cannot be the name of an application, as a package of npm; undefined where it can. */
export function nameProblem(folder: string): string | undefined {
  const name = path.basename(path.resolve(folder));
  if (/^[a-z0-9][a-z0-9._-]*$/.test(name) && name.length <= 214 && name !== 'node_modules') return undefined;
  return `'${name}' cannot be the name of a package: small letters, digits, '-', '_' and '.' are allowed, and a letter or digit comes first.`;
}

/** Returns why nothing can be made in `folder`; undefined where it is empty, or does not exist. */
export function folderProblem(folder: string): string | undefined {
  if (!existsSync(folder)) return undefined;
  if (!statSync(folder).isDirectory()) return `${folder} is a file.`;
  const found = readdirSync(folder).filter((name) => !harmless.has(name));
  if (found.length === 0) return undefined;
  return `${folder} is not empty: it has ${found.slice(0, 3).join(', ')}${found.length > 3 ? ' and more' : ''}.`;
}
