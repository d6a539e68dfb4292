// `npm run release -- [patch|minor|major|current|1.2.3]` sets all packages to one version, writes the section of CHANGELOG.md, commits and
// tags. `npm run release -- --publish`, in CI on that tag, publishes them with provenance, each after those that it needs.
// `--dry-run` with either writes and publishes nothing, and says what would be done and what is in its way.
import { existsSync, readFileSync, readdirSync, writeFileSync } from 'node:fs';
import process from 'node:process';
import { parseArgs } from 'node:util';
import { publishable } from './lib/publishable.mjs';
import { root } from './lib/root.mjs';
import { npm, run } from './lib/run.mjs';
import { nextVersion, publishOrder, releaseChangelog, withVersion } from './release/plan.mjs';

const { values, positionals } = parseArgs({
  allowPositionals: true,
  options: { 'dry-run': { type: 'boolean' }, publish: { type: 'boolean' } },
});
const isDry = values['dry-run'] ?? false;

const packages = publishOrder(publishable());
const ours = new Set(packages.map(({ manifest }) => manifest.name));
const current = packages[0].manifest.version;
const problems = [];

async function git(...args) {
  const { code, output } = await run(['git', ...args]);
  if (code !== 0) throw new Error(`git ${args.join(' ')}: ${output.trim()}`);
  return output.trim();
}

async function isTagged(version) {
  return (await git('tag', '--list', `v${version}`)) !== '';
}

function end() {
  for (const problem of problems) console.error(`In the way: ${problem}`);
  if (problems.length > 0) process.exit(1);
}

if ((await git('status', '--porcelain')) !== '') problems.push('the work tree has changes that are not committed');
for (const { home, manifest } of packages) {
  if (manifest.version !== current) problems.push(`${home} has version ${manifest.version}, others have ${current}`);
}

if (values.publish) await publish();
else await prepare(positionals[0] ?? ((await isTagged(current)) ? 'patch' : 'current'));

async function prepare(bump) {
  const version = nextVersion(current, bump);
  console.log(`${current} → ${version}: ${packages.length} packages, tag v${version}`);
  if (await isTagged(version)) problems.push(`there is a tag v${version}`);
  let changelog;
  try {
    changelog = releaseChangelog(readFileSync(`${root}CHANGELOG.md`, 'utf8'), version, today());
  } catch (error) {
    problems.push(error.message);
  }
  if (isDry) {
    for (const { manifest } of packages) console.log(`  ${manifest.name}`);
    return end();
  }
  end();
  for (const home of workspaces()) {
    const file = `${root}${home}/package.json`;
    writeJson(file, withVersion(readJson(file), ours, version));
  }
  writeFileSync(`${root}CHANGELOG.md`, changelog);
  await must([...npm, 'install', '--package-lock-only', '--ignore-scripts']);
  await must([process.execPath, 'scripts/check.mjs']);
  await git('commit', '--all', '--message', `Release ${version}`);
  await git('tag', '--annotate', `v${version}`, '--message', `Release ${version}`);
  console.log(`Push it: git push --follow-tags. CI then runs npm run release -- --publish.`);
}

async function publish() {
  if (!(await git('tag', '--points-at', 'HEAD')).split('\n').includes(`v${current}`)) {
    problems.push(`this commit has no tag v${current}`);
  }
  for (const { home, manifest } of packages) {
    // npm refuses provenance without it.
    if (manifest.repository === undefined) problems.push(`${home}/package.json names no repository`);
  }
  if (!isDry) end();
  for (const { home, manifest } of packages) {
    const flags = isDry ? ['--dry-run', '--ignore-scripts'] : ['--provenance'];
    await must([...npm, 'publish', `--workspace=${home}`, '--access=public', '--loglevel=error', ...flags]);
    console.log(`${isDry ? 'would publish' : 'published'} ${manifest.name}@${current}`);
  }
  end();
}

function workspaces() {
  return ['packages', 'apps']
    .flatMap((folder) => readdirSync(root + folder).map((name) => `${folder}/${name}`))
    .concat('examples')
    .filter((home) => existsSync(`${root}${home}/package.json`));
}

function today() {
  return new Date().toISOString().slice(0, 10);
}

function readJson(file) {
  return JSON.parse(readFileSync(file, 'utf8'));
}

function writeJson(file, value) {
  writeFileSync(file, `${JSON.stringify(value, null, 2)}\n`);
}

async function must(command) {
  const { code, output } = await run(command);
  if (code !== 0) throw new Error(`${command.join(' ')}:\n${output}`);
}
