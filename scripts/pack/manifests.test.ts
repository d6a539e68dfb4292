import { describe, expect, it } from 'vitest';
import { bundledManifest, closureOf, partOf, separateManifest } from './manifests.mjs';

describe('manifests', () => {
  const version = '1.2.3';
  const entry = { types: './dist/index.d.ts', default: './dist/index.js' };
  const core = {
    home: 'packages/core',
    manifest: {
      name: '@longwave/core',
      version,
      exports: { '.': entry, './x': entry },
      dependencies: { small: '^1.0.0' },
    },
  };
  const yjs = {
    home: 'packages/yjs',
    manifest: {
      name: '@longwave/yjs',
      version,
      exports: { '.': entry },
      dependencies: { '@longwave/core': version, lib0: '^0.2.0' },
      peerDependencies: { yjs: '^13.0.0' },
      peerDependenciesMeta: { yjs: { optional: true } },
    },
  };
  const longwave = {
    home: 'packages/longwave',
    manifest: {
      name: 'longwave',
      version,
      exports: { '.': entry },
      typesVersions: { '*': {} },
      files: ['dist', 'src'],
      scripts: { prepack: 'make' },
      dependencies: { '@longwave/yjs': version, commander: '^14.0.0' },
      devDependencies: { ws: '^8.0.0' },
    },
  };
  const all = [longwave, core, yjs];

  it('a closure has what is needed before what needs it', () => {
    expect(closureOf(all, 'longwave').map(({ manifest }) => manifest.name)).toEqual([
      '@longwave/core',
      '@longwave/yjs',
      'longwave',
    ]);
  });

  it('longwave depends on what its parts depend on, and on none of them', () => {
    const manifest = bundledManifest(longwave.manifest, [core, yjs]);
    expect(manifest['dependencies']).toEqual({ commander: '^14.0.0', lib0: '^0.2.0', small: '^1.0.0' });
    expect(manifest['peerDependencies']).toEqual({ yjs: '^13.0.0' });
    expect(manifest['peerDependenciesMeta']).toEqual({ yjs: { optional: true } });
    expect(manifest['exports']['./packages/core/x'].default).toBe('./packages/core/dist/index.js');
    expect(manifest['typesVersions']['*']['packages/yjs']).toEqual(['./packages/yjs/dist/index.d.ts']);
    expect(manifest).not.toHaveProperty('devDependencies');
    expect(manifest).not.toHaveProperty('scripts');
  });

  it('a peer that everybody would be given is refused', () => {
    const eager = { ...yjs, manifest: { ...yjs.manifest, peerDependenciesMeta: {} } };
    expect(() => bundledManifest(longwave.manifest, [core, eager])).toThrow('yjs would be installed');
  });

  it('another package finds its siblings in longwave', () => {
    const manifest = separateManifest(yjs.manifest, new Set(['longwave', '@longwave/core', '@longwave/yjs']));
    expect(manifest['dependencies']).toEqual({ lib0: '^0.2.0' });
    expect(manifest['peerDependencies']).toEqual({ longwave: version, yjs: '^13.0.0' });
    expect(partOf('@longwave/core/x')).toBe('longwave/packages/core/x');
    expect(separateManifest(core.manifest, new Set(['@longwave/core']))).not.toHaveProperty('peerDependencies');
  });
});
