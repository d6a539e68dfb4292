/** @typedef {{ home: string, manifest: any }} Package */

/** @param {string} name `@longwave/core` → `core` */
export const shortName = (name) => name.replace('@longwave/', '');

/** Where another tarball finds a part of `longwave`: `@longwave/core/x` → `longwave/packages/core/x`. */
export const partOf = (specifier) => specifier.replace('@longwave/', 'longwave/packages/');

/**
 * The packages that come with `name`: those it depends on, and so on, and itself last.
 * @param {readonly Package[]} packages
 * @param {string} name
 * @returns {Package[]}
 */
export function closureOf(packages, name) {
  const byName = new Map(packages.map((each) => [each.manifest.name, each]));
  const found = new Set();
  const visit = (each) => {
    if (found.has(each)) return;
    for (const dependency of Object.keys(each.manifest.dependencies ?? {})) {
      const ours = byName.get(dependency);
      if (ours) visit(ours);
    }
    found.add(each);
  };
  visit(byName.get(name));
  return [...found];
}

/**
 * The manifest of `longwave` with the packages in `bundle` inside: what they depend on, and their entries, for the tarballs of the
 * stores, which use the same copy.
 * @param {any} manifest
 * @param {readonly Package[]} bundle
 */
export function bundledManifest(manifest, bundle) {
  const names = new Set(bundle.map((each) => each.manifest.name));
  const all = [...bundle.map((each) => each.manifest), manifest];
  const result = withoutDevelopment(manifest);
  result.dependencies = sorted(Object.assign({}, ...all.map(({ dependencies }) => dependencies)), names);
  const required = new Set(Object.keys(result.dependencies));
  result.peerDependencies = sorted(Object.assign({}, ...all.map((each) => each.peerDependencies)), required);
  result.peerDependenciesMeta = sorted(Object.assign({}, ...all.map((each) => each.peerDependenciesMeta)), required);
  for (const peer of Object.keys(result.peerDependencies)) {
    if (!result.peerDependenciesMeta[peer]?.optional)
      throw new Error(`${peer} would be installed with every longwave.`);
  }
  result.exports = { ...manifest.exports };
  result.typesVersions = { '*': { ...manifest.typesVersions['*'] } };
  for (const { manifest: part } of bundle) {
    const folder = `./packages/${shortName(part.name)}`;
    for (const [entry, target] of Object.entries(part.exports)) {
      const place = Object.entries(target).map(([condition, file]) => [condition, file.replace(/^\./, folder)]);
      result.exports[folder + entry.slice(1)] = Object.fromEntries(place);
      result.typesVersions['*'][(folder + entry.slice(1)).slice(2)] = [target.types.replace(/^\./, folder)];
    }
  }
  result.files = ['bin', 'dist', 'packages'];
  return result;
}

/**
 * The manifest of a package that is packed by itself, and finds its siblings inside `longwave`.
 * @param {any} manifest
 * @param {ReadonlySet<string>} ours
 */
export function separateManifest(manifest, ours) {
  const result = withoutDevelopment(manifest);
  const needs = Object.keys(manifest.dependencies ?? {}).some((name) => ours.has(name));
  result.dependencies = sorted(manifest.dependencies ?? {}, ours);
  if (needs) result.peerDependencies = sorted({ ...manifest.peerDependencies, longwave: manifest.version }, new Set());
  if (result.files) result.files = result.files.filter((file) => file !== 'src');
  return result;
}

function withoutDevelopment({ devDependencies: _dev, scripts: _scripts, ...rest }) {
  return rest;
}

function sorted(entries, left) {
  return Object.fromEntries(
    Object.entries(entries)
      .filter(([name]) => !left.has(name))
      .toSorted(([a], [b]) => (a < b ? -1 : 1)),
  );
}
