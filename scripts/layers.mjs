/**
 * The layers of the repository: what each package may import. The one table that lint (`house/layers`),
 * `check-layers.mjs` and the tests read. `host` names the files of a layer that may touch Node itself, and `pure`
 * the foreign packages without I/O that all of it may import.
 */
export const LAYERS = {
  'packages/protocol': { name: '@longwave/protocol', imports: [], host: false },
  'packages/websocket': { name: '@longwave/websocket', imports: [], host: 'src/node/' },
  'packages/core': { name: '@longwave/core', imports: ['@longwave/protocol'], host: false },
  'packages/client': { name: '@longwave/client', imports: ['@longwave/protocol'], host: false },
  'packages/testkit': {
    name: '@longwave/testkit',
    imports: ['@longwave/protocol', '@longwave/core', '@longwave/client'],
    host: true,
  },
  'packages/node': {
    name: '@longwave/node',
    imports: ['@longwave/protocol', '@longwave/websocket', '@longwave/core'],
    host: true,
  },
  'packages/bun': {
    name: '@longwave/bun',
    imports: ['@longwave/protocol', '@longwave/websocket', '@longwave/core', '@longwave/client', '@longwave/node'],
    host: true,
  },
  'packages/lmdb': { name: '@longwave/lmdb', imports: ['@longwave/protocol', '@longwave/core'], host: true },
  'packages/redis': { name: '@longwave/redis', imports: ['@longwave/protocol', '@longwave/core'], host: true },
  'packages/nats': { name: '@longwave/nats', imports: ['@longwave/protocol', '@longwave/core'], host: true },
  'packages/react': { name: '@longwave/react', imports: ['@longwave/protocol', '@longwave/client'], host: true },
  'packages/yjs': {
    name: '@longwave/yjs',
    imports: ['@longwave/protocol', '@longwave/client', '@longwave/core'],
    host: 'src/server/',
    pure: ['yjs', 'y-protocols', 'lib0', 'react'],
  },
  'packages/rooms': {
    name: '@longwave/rooms',
    imports: ['@longwave/protocol', '@longwave/client', '@longwave/core'],
    host: false,
    pure: ['react'],
  },
  'packages/dialects': {
    name: '@longwave/dialects',
    imports: ['@longwave/protocol', '@longwave/websocket', '@longwave/core', '@longwave/node', '@longwave/yjs'],
    host: true,
  },
  'packages/auth': {
    name: '@longwave/auth',
    imports: ['@longwave/protocol', '@longwave/core', '@longwave/node'],
    host: true,
  },
  'packages/create-longwave': { name: 'create-longwave', imports: [], host: true },
  'packages/longwave': {
    name: 'longwave',
    imports: [
      '@longwave/protocol',
      '@longwave/websocket',
      '@longwave/core',
      '@longwave/client',
      '@longwave/node',
      '@longwave/bun',
      '@longwave/react',
      '@longwave/testkit',
      '@longwave/lmdb',
      '@longwave/redis',
      '@longwave/nats',
      '@longwave/yjs',
      '@longwave/rooms',
      '@longwave/dialects',
      '@longwave/auth',
    ],
    host: true,
  },
};

/** Tests may also use these, above every layer's own imports. */
const TEST_IMPORTS = ['@longwave/testkit'];

const TEST_FILE = /\.(test|test-d)\.[cm]?tsx?$|(^|\/)(testing|test|e2e)\//;

/** `packages/core/src/delivery/hub.ts` → `packages/core`; undefined outside of packages, apps and the like. */
export function packageOf(file) {
  return /^(?:packages|apps)\/[^/]+|^(?:examples|bench|chaos|conformance|proxies)(?=\/)/.exec(file)?.[0];
}

/** The package name of a bare specifier: `@longwave/core/x` → `@longwave/core`. */
export function packageNameOf(specifier) {
  const parts = specifier.split('/');
  return specifier.startsWith('@') ? parts.slice(0, 2).join('/') : parts[0];
}

function isOurs(name) {
  return name === 'longwave' || name.startsWith('@longwave/');
}

/** Resolves `./x/../y` against a folder, as POSIX paths from the root of the repository. */
function resolveFrom(folder, specifier) {
  const parts = folder === '' ? [] : folder.split('/');
  for (const part of specifier.split('/')) {
    if (part === '.') continue;
    if (part === '..') {
      if (parts.length === 0) return undefined;
      parts.pop();
    } else parts.push(part);
  }
  return parts.join('/');
}

/**
 * Says what is wrong with one import, or nothing.
 * @param {string} file path from the root of the repository, with `/`
 * @param {string} specifier as written in the source
 * @returns {string | undefined}
 */
export function judgeImport(file, specifier) {
  const home = packageOf(file);
  if (home === undefined) return undefined;
  const layer = Object.hasOwn(LAYERS, home) ? LAYERS[home] : undefined;
  const isTest = TEST_FILE.test(file);

  if (specifier.startsWith('.')) {
    const target = resolveFrom(file.split('/').slice(0, -1).join('/'), specifier);
    if (target !== undefined && (target === home || target.startsWith(`${home}/`))) return undefined;
    return `'${specifier}' leaves ${home}: import the package by its name.`;
  }
  if (specifier.startsWith('/') || specifier.startsWith('file:')) return `'${specifier}' is an absolute path.`;

  const name = packageNameOf(specifier);
  if (isOurs(name)) {
    if (/^(?:@longwave\/)?[^/]+\/(?:src|dist)(?:\/|$)/.test(specifier)) {
      return `'${specifier}' reaches inside a sibling: import what its package.json exports.`;
    }
    if (layer === undefined || layer.imports.includes(name)) return undefined;
    if (name === layer.name)
      return isTest ? undefined : `'${specifier}' imports its own package through the front door.`;
    if (isTest && TEST_IMPORTS.includes(name)) return undefined;
    const allowed = layer.imports.length === 0 ? 'nothing' : layer.imports.join(', ');
    return `${layer.name} imports ${allowed}, not ${name}: it stands beside or below.`;
  }

  if (layer === undefined || isTest || layer.host === true || layer.pure?.includes(name)) return undefined;
  const inside = file.slice(home.length + 1);
  if (layer.host !== false && inside.startsWith(layer.host)) return undefined;
  return `${layer.name} is sans I/O and has no dependencies: '${specifier}' has to come in through a port.`;
}
