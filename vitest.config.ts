import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { availableParallelism } from 'node:os';
import { fileURLToPath } from 'node:url';
import { defineConfig } from 'vitest/config';

interface Manifest {
  readonly name: string;
  readonly exports?: Readonly<Record<string, string | { readonly node?: string; readonly default?: string }>>;
}

const packages = fileURLToPath(new URL('./packages/', import.meta.url));

/** Tests run on the sources, so that a change is seen without a build: `dist/x.js` of an export is `src/x.ts`. */
function aliasesOf(folder: string): { find: RegExp; replacement: string }[] {
  const file = `${packages}${folder}/package.json`;
  if (!existsSync(file)) return [];
  const manifest = JSON.parse(readFileSync(file, 'utf8')) as Manifest;
  return Object.entries(manifest.exports ?? {}).flatMap(([entry, target]) => {
    const path = typeof target === 'string' ? target : (target.node ?? target.default);
    if (path === undefined || !path.endsWith('.js')) return [];
    const source = path.replace('./dist/', '').replace(/\.js$/, '.ts');
    const specifier = `${manifest.name}${entry.slice(1)}`.replaceAll(/[.+]/g, String.raw`\$&`);
    return [{ find: new RegExp(`^${specifier}$`), replacement: `${packages}${folder}/src/${source}` }];
  });
}

export default defineConfig({
  resolve: { alias: readdirSync(packages).flatMap(aliasesOf) },
  test: {
    include: ['packages/*/src/**/*.test.ts', 'scripts/**/*.test.ts', 'chaos/**/*.test.ts', 'bench/**/*.test.ts'],
    // Many tests wait for servers, timers and other processes: one file more than there are cores keeps these at work.
    maxWorkers: availableParallelism() + 1,
    // Property tests run by the thousand; a busy machine is no failure.
    testTimeout: 60_000,
    hookTimeout: 60_000,
    expect: { poll: { timeout: 20_000 } },
    // Those of packages/bun run in Bun: `npm run test:bun`.
    exclude: ['**/node_modules/**', '**/dist/**', '**/e2e/**', 'packages/bun/**'],
  },
});
