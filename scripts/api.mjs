// `npm run api` writes packages/*/api.md, the public API as built, and docs/api.md, a line for each name that applications import;
// `--check` fails when one is not what is committed. A name that means two things, or has no comment, fails always.
import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import process from 'node:process';
import { reportApi } from './lib/api-report.mjs';
import { namesPage } from './lib/names-page.mjs';
import { publishable } from './lib/publishable.mjs';
import { root } from './lib/root.mjs';

const isCheck = process.argv.includes('--check');
const fence = (texts) => `\`\`\`ts\n${texts.join('\n')}\n\`\`\`\n`;

function describePackage({ home, manifest }) {
  const parts = [`# The public API of ${manifest.name}\n`, 'Written by `npm run api` from the emitted declarations.\n'];
  for (const [entry, target] of Object.entries(manifest.exports)) {
    if (typeof target !== 'object' || target.types === undefined) continue;
    const { exported, referred } = reportApi(`${home}/${target.types.replace('./', '')}`, (file) =>
      readFileSync(root + file, 'utf8'),
    );
    parts.push(`## ${manifest.name}${entry.slice(1)}\n`, exported.length > 0 ? fence(exported) : 'Nothing yet.\n');
    if (referred.length > 0) parts.push('Referred to, not exported:\n', fence(referred));
  }
  return parts.join('\n');
}

let changed = 0;
const { page, problems } = namesPage();
const reports = [
  ...publishable()
    .filter(({ manifest }) => manifest.exports !== undefined)
    .map((each) => ({ file: `${each.home}/api.md`, now: describePackage(each) })),
  { file: 'docs/api.md', now: page },
];
for (const { file, now } of reports) {
  const before = existsSync(root + file) ? readFileSync(root + file, 'utf8') : '';
  if (now === before) continue;
  changed += 1;
  if (isCheck) console.log(`${file} is not what the package exports${firstDifference(before, now)}`);
  else {
    writeFileSync(root + file, now);
    console.log(`${file} written`);
  }
}
for (const problem of problems) console.log(problem);
if (problems.length > 0) process.exitCode = 1;
else if (isCheck && changed > 0) {
  console.log('If the change is meant: npm run api, and commit it.');
  process.exitCode = 1;
} else console.log(changed === 0 ? 'no change of the public API' : `${changed} reports written`);

function firstDifference(before, now) {
  const old = before.split('\n');
  const line = now.split('\n').findIndex((text, index) => text !== old[index]);
  return before === '' ? ': there is no report yet' : `, first at line ${line + 1}`;
}
