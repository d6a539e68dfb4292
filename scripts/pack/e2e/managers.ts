import { execFileSync } from 'node:child_process';
import { writeFileSync } from 'node:fs';
import path from 'node:path';
import process from 'node:process';

interface Manager {
  readonly name: string;
  /** Words that install packages, each a specifier, into a folder. */
  add(folder: string, packages: readonly string[]): readonly string[];
}

const simple = (words: readonly string[]) => (_folder: string, packages: readonly string[]) => [...words, ...packages];

/** A tarball is `file:` for Yarn 4 alone with its package's name before it. */
function named(specifier: string): string {
  const name = /\/(longwave(?:-\w+)?)-[\d.]+\.tgz$/.exec(specifier)?.[1];
  if (name === undefined) return specifier;
  return `${name.replace('longwave-', '@longwave/')}@file:${specifier}`;
}

const all: readonly Manager[] = [
  { name: 'npm', add: simple(['npm', 'install', '--no-audit', '--no-fund', '--loglevel=error']) },
  { name: 'pnpm 10', add: simple(['npx', '--yes', 'pnpm@10.20.0', 'add', '--reporter=silent']) },
  {
    name: 'Yarn 1',
    // Its cache goes by name and version, and would give the tarball of yesterday.
    add: (folder, packages) => [
      ...['npx', '--yes', 'yarn@1.22.22', 'add', '--silent', '--cache-folder', path.join(folder, '.yarn-cache')],
      ...packages,
    ],
  },
  {
    name: 'Yarn 4',
    add: (folder, packages) => {
      const registry = execFileSync('npm', ['config', 'get', 'registry'], { encoding: 'utf8' })
        .trim()
        .replace(/\/$/, '');
      const settings = { nodeLinker: 'node-modules', enableTelemetry: false, npmRegistryServer: registry };
      // Without a lockfile it takes a project further up for its own.
      writeFileSync(path.join(folder, 'yarn.lock'), '');
      writeFileSync(path.join(folder, '.yarnrc.yml'), JSON.stringify(settings));
      return ['npx', '--yes', '@yarnpkg/cli-dist@4.9.2', 'add', ...packages.map(named)];
    },
  },
];

/** npm alone, unless `MANAGERS=all` asks for all of them. */
export const managers = process.env['MANAGERS'] === 'all' ? all : all.slice(0, 1);
