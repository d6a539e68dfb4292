import { describe, expect, it } from 'vitest';
import { rewriteImports } from './rewrite.mjs';

const rename = (specifier: string): string => (specifier === '@longwave/core' ? './core.js' : specifier);

describe('rewriteImports', () => {
  it.each([
    ["import { a } from '@longwave/core';", "import { a } from './core.js';"],
    ['import "@longwave/core";', "import './core.js';"],
    ["export { a } from '@longwave/core';", "export { a } from './core.js';"],
    ["export * from '@longwave/core';", "export * from './core.js';"],
    ["const a = await import('@longwave/core');", "const a = await import('./core.js');"],
    ["import { a } from '@longwave/corex';", "import { a } from '@longwave/corex';"],
    ["const text = '@longwave/core'; // @longwave/core", "const text = '@longwave/core'; // @longwave/core"],
  ])('%s', (before, after) => {
    expect(rewriteImports('dist/a.js', before, rename)).toBe(after);
  });

  it('finds types that declarations import in place', () => {
    const before = "export declare const é: import('@longwave/core').A | import('@longwave/core').B<'x'>;\n";
    const after = "export declare const é: import('./core.js').A | import('./core.js').B<'x'>;\n";
    expect(rewriteImports('dist/a.d.ts', before, rename)).toBe(after);
  });

  it('refuses what it cannot read', () => {
    expect(() => rewriteImports('dist/a.js', 'import {', rename)).toThrow('dist/a.js');
  });
});
