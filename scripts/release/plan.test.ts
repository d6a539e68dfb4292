import { describe, expect, it } from 'vitest';
import { publishable } from '../lib/publishable.mjs';
import { nextVersion, publishOrder, releaseChangelog, withVersion } from './plan.mjs';

describe('nextVersion', () => {
  it.each([
    ['0.1.0', 'current', '0.1.0'],
    ['0.1.0', 'patch', '0.1.1'],
    ['0.1.9', 'minor', '0.2.0'],
    ['0.9.9', 'major', '1.0.0'],
    ['1.0.0-beta.2', 'patch', '1.0.0'],
    ['0.1.0', '0.10.0', '0.10.0'],
    ['1.0.0-beta.1', '1.0.0-beta.2', '1.0.0-beta.2'],
    ['1.0.0-beta.1', '1.0.0', '1.0.0'],
  ])('%s, %s: %s', (current, bump, next) => {
    expect(nextVersion(current, bump)).toBe(next);
  });

  it.each([
    ['0.2.0', '0.1.9'],
    ['0.2.0', '0.2.0'],
    ['1.0.0', '1.0.0-beta.1'],
    ['0.2.0', 'huge'],
    ['0.2.0', '1.0'],
    ['next', 'patch'],
  ])('%s, %s: refused', (current, bump) => {
    expect(() => nextVersion(current, bump)).toThrow(Error);
  });
});

describe('withVersion', () => {
  const ours = new Set(['longwave', '@longwave/core']);

  it('sets the version of the package, and of ours wherever it names them', () => {
    const manifest = {
      name: 'longwave',
      version: '0.1.0',
      dependencies: { '@longwave/core': '0.1.0', hono: '^4.0.0' },
      peerDependencies: { '@longwave/core': '0.1.0', react: '>=18' },
    };
    expect(withVersion(manifest, ours, '0.2.0')).toEqual({
      name: 'longwave',
      version: '0.2.0',
      dependencies: { '@longwave/core': '0.2.0', hono: '^4.0.0' },
      peerDependencies: { '@longwave/core': '0.2.0', react: '>=18' },
    });
  });

  it('leaves the version of what is not published', () => {
    const manifest = { name: '@longwave/gallery', version: '0.1.0', devDependencies: { longwave: '0.1.0' } };
    expect(withVersion(manifest, ours, '0.2.0')).toEqual({ ...manifest, devDependencies: { longwave: '0.2.0' } });
  });
});

describe('releaseChangelog', () => {
  const text = '# Changelog\n\n## Unreleased\n\n### Added\n\n- A thing.\n\n## 0.1.0 (2026-01-01)\n\n- The first.\n';

  it('gives what is unreleased a version and a day', () => {
    expect(releaseChangelog(text, '0.2.0', '2026-02-03')).toBe(
      '# Changelog\n\n## Unreleased\n\n## 0.2.0 (2026-02-03)\n\n### Added\n\n- A thing.\n\n## 0.1.0 (2026-01-01)\n\n- The first.\n',
    );
  });

  it.each([
    ['# Changelog\n', 'no "## Unreleased"'],
    ['## Unreleased\n\n## 0.1.0 (2026-01-01)\n', 'nothing under'],
    [text.replace('0.1.0', '0.2.0'), 'section 0.2.0 already'],
  ])('refuses %j', (wrong, message) => {
    expect(() => releaseChangelog(wrong, '0.2.0', '2026-02-03')).toThrow(message);
  });
});

describe('publishOrder', () => {
  it('has every package of the repository after those that it needs', () => {
    const order = publishOrder(publishable()).map(({ manifest }) => manifest);
    expect(order).toHaveLength(publishable().length);
    for (const [i, { dependencies, peerDependencies }] of order.entries()) {
      const later = new Set(order.slice(i).map(({ name }) => name));
      expect(Object.keys({ ...dependencies, ...peerDependencies }).filter((name) => later.has(name))).toEqual([]);
    }
  });

  it('refuses a circle', () => {
    const made = (name: string, needs: string) => ({
      home: name,
      manifest: { name, dependencies: { [needs]: '1.0.0' } },
    });
    expect(() => publishOrder([made('a', 'b'), made('b', 'a')])).toThrow('a depends on itself');
  });
});
