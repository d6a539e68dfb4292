import { expect, it } from 'vitest';
import { reportApi } from './api-report.mjs';

const report = (files: Record<string, string>) => reportApi('index.d.ts', (file) => files[file] ?? `throw new Error()`);

it('gives what is exported and what that refers to, through re-exports, without comments', () => {
  const { exported, referred } = report({
    'index.d.ts': `export { open, type Options as OpenOptions } from './open.js';\nexport type { Frame } from '@x/y';`,
    'open.d.ts': [
      `import { Hidden } from './deep/hidden.js';`,
      `/** Says why. */`,
      `export interface Options {\n    /** unit */\n    readonly ms: number;\n}`,
      `export declare function open(options: Options): Hidden;`,
      `export declare function open(): Hidden;`,
      `export declare const unrelated: 1;`,
    ].join('\n'),
    'deep/hidden.d.ts': `export interface Hidden {\n    readonly self: Hidden;\n}`,
  });
  expect(exported).toEqual([
    `export { Frame as Frame } from '@x/y';`,
    `// exported as OpenOptions\ninterface Options {\n    readonly ms: number;\n}`,
    `declare function open(options: Options): Hidden;\ndeclare function open(): Hidden;`,
  ]);
  expect(referred).toEqual([`interface Hidden {\n    readonly self: Hidden;\n}`]);
});

it('refuses `export *` and a name that is not there', () => {
  expect(() => report({ 'index.d.ts': `export * from './a.js';` })).toThrow('export *');
  expect(() => report({ 'index.d.ts': `export { a } from './a.js';`, 'a.d.ts': `export {};` })).toThrow(
    'does not export a',
  );
});
