import { spawnSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, readFileSync, realpathSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import process from 'node:process';
import { afterEach, describe, expect, it } from 'vitest';
import { judgePackage } from './lib/judge-package.mjs';
import { root } from './lib/root.mjs';
import { LAYERS, judgeImport } from './layers.mjs';

describe('judgeImport', () => {
  it.each([
    ['packages/protocol/src/codec/codec.ts', './frames.js'],
    ['packages/core/src/delivery/hub.ts', '@longwave/protocol'],
    ['packages/core/src/modes/log.ts', '../hub.js'],
    ['packages/client/src/session.ts', '@longwave/protocol'],
    ['packages/node/src/listen.ts', '@longwave/websocket/node'],
    ['packages/node/src/listen.ts', 'node:http'],
    ['packages/websocket/src/node/socket.ts', 'node:net'],
    ['packages/websocket/src/node/socket.ts', '../receiver.js'],
    ['packages/websocket/src/frames/receiver.test.ts', 'node:zlib'],
    ['packages/core/src/hub.test.ts', '@longwave/testkit'],
    ['packages/testkit/src/simulator.ts', '@longwave/client'],
    ['packages/react/src/use-map.ts', '@longwave/client'],
    ['packages/react/src/use-map.ts', 'react'],
    ['packages/yjs/src/client/bind.ts', 'yjs'],
    ['packages/yjs/src/server/yjs.ts', 'node:crypto'],
    ['apps/gallery/web/main.tsx', 'longwave/client'],
    ['scripts/check.mjs', '../packages/core/src/index.js'],
  ])('lets %s import %s', (file, specifier) => {
    expect(judgeImport(file, specifier)).toBeUndefined();
  });

  it.each([
    ['packages/protocol/src/codec/codec.ts', '@longwave/core', 'imports nothing'],
    ['packages/websocket/src/frames/receiver.ts', '@longwave/protocol', 'imports nothing'],
    ['packages/websocket/src/frames/receiver.ts', 'node:zlib', 'sans I/O'],
    ['packages/core/src/delivery/hub.ts', '@longwave/client', 'beside or below'],
    ['packages/core/src/delivery/hub.ts', '@longwave/node', 'beside or below'],
    ['packages/core/src/delivery/hub.ts', '@longwave/testkit', 'beside or below'],
    ['packages/core/src/hub.test.ts', '@longwave/node', 'beside or below'],
    ['packages/client/src/session.ts', '@longwave/core', 'beside or below'],
    ['packages/client/src/session.ts', '@longwave/react', 'beside or below'],
    ['packages/react/src/use-map.ts', '@longwave/node', 'beside or below'],
    ['packages/client/src/session.ts', '@longwave/websocket', 'beside or below'],
    ['packages/client/src/session.ts', 'ws', 'port'],
    ['packages/yjs/src/client/bind.ts', 'node:crypto', 'port'],
    ['packages/client/src/session.ts', '@longwave/protocol/src/codec.js', 'reaches inside'],
    ['packages/client/src/session.ts', '@longwave/protocol/dist/codec.js', 'reaches inside'],
    ['packages/client/src/session.ts', '../../protocol/src/codec.js', 'leaves packages/client'],
    ['packages/client/src/session.test.ts', '../../protocol/src/codec.js', 'leaves packages/client'],
    ['packages/core/src/delivery/hub.ts', '../../../../etc/x.js', 'leaves packages/core'],
    ['packages/core/src/delivery/hub.ts', '@longwave/core', 'front door'],
    ['apps/gallery/web/main.tsx', '../../../packages/client/src/index.js', 'leaves apps/gallery'],
  ])('does not let %s import %s', (file, specifier, reason) => {
    expect(judgeImport(file, specifier)).toContain(reason);
  });
});

describe('judgePackage', () => {
  const home = 'packages/core';
  const layer = LAYERS[home];

  it('finds dependencies, references and types that a layer must not have', () => {
    const problems = judgePackage(
      home,
      layer,
      { name: '@longwave/core', dependencies: { '@longwave/protocol': '0.1.0', '@longwave/node': '0.1.0', ws: '8' } },
      [{ name: 'tsconfig.json', compilerOptions: { types: ['node'] }, references: [{ path: '../client' }] }],
    );
    expect(problems).toEqual([
      'packages/core: depends on @longwave/node, which stands beside or below it',
      'packages/core: is sans I/O but depends on ws',
      'packages/core: tsconfig.json refers to packages/client, which stands beside or below it',
      'packages/core: tsconfig.json knows the types of node: it is sans I/O',
    ]);
  });

  it('accepts what the layer allows', () => {
    const manifest = { name: '@longwave/core', dependencies: { '@longwave/protocol': '0.1.0' } };
    expect(
      judgePackage(home, layer, manifest, [{ name: 'tsconfig.json', references: [{ path: '../protocol' }] }]),
    ).toEqual([]);
  });
});

describe('the lint as configured', () => {
  const planted: string[] = [];
  afterEach(() => {
    for (const folder of planted.splice(0)) rmSync(folder, { recursive: true });
  });

  /** Plants files in a package, lints them under the repository's own rules, and gives the rules that speak up. */
  function lint(home: string, files: Record<string, string>): string[] {
    const folder = mkdtempSync(path.join(realpathSync(tmpdir()), 'longwave-lint-'));
    planted.push(folder);
    // oxlint looks for its type-aware half from the folder it lints.
    symlinkSync(path.join(root, 'node_modules'), path.join(folder, 'node_modules'));
    const source = path.join(folder, home, 'src');
    mkdirSync(source, { recursive: true });
    for (const [name, text] of Object.entries(files)) writeFileSync(path.join(source, name), text);
    writeFileSync(
      path.join(folder, 'tsconfig.json'),
      JSON.stringify({ include: ['packages'], compilerOptions: STRICT }),
    );
    const config = JSON.parse(readFileSync(path.join(root, '.oxlintrc.json'), 'utf8')) as object;
    const jsPlugins = [path.join(root, 'scripts/lint-plugin.mjs')];
    writeFileSync(path.join(folder, '.oxlintrc.json'), JSON.stringify({ ...config, jsPlugins }));
    const { stdout } = spawnSync(
      process.execPath,
      [path.join(root, 'node_modules/oxlint/bin/oxlint'), '-f', 'json', 'packages'],
      { cwd: folder, encoding: 'utf8' },
    );
    const { diagnostics } = JSON.parse(stdout) as { diagnostics: { code: string }[] };
    return diagnostics.map(({ code }) => code).sort();
  }

  const STRICT = { strict: true, module: 'nodenext', target: 'es2023', lib: ['es2023', 'dom'], types: [] };

  it('finds every planted breach of the house rules', () => {
    const found = lint('packages/core', {
      'a.ts': [
        `import type { B } from './b.js';`,
        `export * from './c.js';`,
        `export let count = 0; count += 1;`,
        `export interface A { readonly b: B }`,
        `export default function now(): number { return Date.now() + Math.random(); }`,
        `export async function wait(): Promise<void> { setTimeout(now, 1); console.log(globalThis); }`,
        `export function forget(): void { wait(); }`,
        `export function pick(x: 'a' | 'b'): number { switch (x) { case 'a': return 1; } return 2; }`,
      ].join('\n'),
      'b.ts': `import type { A } from './a.js';\nexport interface B { readonly a: A }\n`,
      'c.ts': `export const c = 1;\n`,
    });
    expect([...new Set(found)]).toEqual(
      [
        'eslint(no-console)',
        'eslint(no-restricted-globals)',
        'eslint(no-restricted-properties)',
        'house(no-export-all)',
        'house(no-module-let)',
        'import(no-cycle)',
        'import(no-default-export)',
        'import(no-mutable-exports)',
        'typescript(no-floating-promises)',
        'typescript(switch-exhaustiveness-check)',
      ].sort(),
    );
    expect(found.filter((code) => code === 'eslint(no-restricted-globals)')).toHaveLength(4);
  });

  it('finds an import against the layers', () => {
    expect(lint('packages/protocol', { 'a.ts': `import '@longwave/core';\nexport const a = 1;\n` })).toEqual([
      'house(layers)',
    ]);
  });

  it('is silent where nothing is wrong', () => {
    expect(lint('packages/core', { 'a.ts': `export const a = 1;\n` })).toEqual([]);
  });
});
