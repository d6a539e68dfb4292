/** @typedef {{ home: string, manifest: any }} Package */

const SEMVER = /^(\d+)\.(\d+)\.(\d+)(?:-[\w.]+)?$/;
const FIELDS = ['dependencies', 'devDependencies', 'peerDependencies', 'optionalDependencies'];

/**
 * The version of the release: `bump` is a version, or the part of `current` that is counted up. `current` releases what stands there.
 * @param {string} current
 * @param {string} bump `major`, `minor`, `patch`, `current`, or `1.2.3`
 */
export function nextVersion(current, bump) {
  const found = SEMVER.exec(current);
  if (!found) throw new Error(`${current} is no version.`);
  const [major, minor, patch] = found.slice(1).map(Number);
  switch (bump) {
    case 'major':
      return `${major + 1}.0.0`;
    case 'minor':
      return `${major}.${minor + 1}.0`;
    case 'patch':
      // A version before a release becomes that release.
      return current.includes('-') ? `${major}.${minor}.${patch}` : `${major}.${minor}.${patch + 1}`;
    case 'current':
      return current;
    default:
      if (!SEMVER.test(bump)) throw new Error(`${bump} is no version, nor major, minor, patch or current.`);
      if (compareVersions(bump, current) <= 0) throw new Error(`${bump} does not come after ${current}.`);
      return bump;
  }
}

function compareVersions(a, b) {
  const [one, two] = [a, b].map((version) => SEMVER.exec(version).slice(1).map(Number));
  const at = one.findIndex((number, i) => number !== two[i]);
  if (at !== -1) return one[at] - two[at];
  const isEarly = (version) => (version.includes('-') ? 0 : 1);
  return isEarly(a) - isEarly(b) || (a < b ? -1 : Number(a > b));
}

/**
 * The manifest with this version where one of ours is named. It has its own version too, if it is published.
 * @param {any} manifest
 * @param {ReadonlySet<string>} ours
 * @param {string} version
 */
export function withVersion(manifest, ours, version) {
  const result = { ...manifest };
  if (ours.has(manifest.name)) result.version = version;
  for (const field of FIELDS.filter((name) => manifest[name])) {
    result[field] = Object.fromEntries(
      Object.entries(manifest[field]).map(([name, range]) => [name, ours.has(name) ? version : range]),
    );
  }
  return result;
}

/**
 * The changelog in which what stood under "Unreleased" is this release. Throws when nothing stands there.
 * @param {string} text
 * @param {string} version
 * @param {string} day `2026-11-30`
 */
export function releaseChangelog(text, version, day) {
  const heading = '## Unreleased\n';
  const start = text.indexOf(heading);
  if (start === -1) throw new Error('CHANGELOG.md has no "## Unreleased".');
  const end = text.indexOf('\n## ', start + heading.length);
  const notes = text.slice(start + heading.length, end === -1 ? undefined : end).trim();
  if (notes === '') throw new Error('CHANGELOG.md has nothing under "## Unreleased".');
  if (text.includes(`\n## ${version} `)) throw new Error(`CHANGELOG.md has a section ${version} already.`);
  const rest = end === -1 ? '' : text.slice(end);
  return `${text.slice(0, start)}${heading}\n## ${version} (${day})\n\n${notes}\n${rest}`;
}

/**
 * The packages in an order in which each comes after those that it needs, so that nobody installs one whose parts are not there yet.
 * @param {readonly Package[]} packages
 * @returns {Package[]}
 */
export function publishOrder(packages) {
  const byName = new Map(packages.map((each) => [each.manifest.name, each]));
  const order = [];
  const visiting = new Set();
  const visit = (each) => {
    if (order.includes(each)) return;
    if (visiting.has(each)) throw new Error(`${each.manifest.name} depends on itself.`);
    visiting.add(each);
    for (const name of Object.keys({ ...each.manifest.dependencies, ...each.manifest.peerDependencies }).toSorted()) {
      if (byName.has(name)) visit(byName.get(name));
    }
    order.push(each);
  };
  for (const each of packages) visit(each);
  return order;
}
