// `npm run charts` draws docs/charts and writes the figures of docs/benchmarks.md of the results in bench/ and chaos/; `--check` fails
// where they are not what the results say.
import { existsSync, mkdirSync, readFileSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import process from 'node:process';
import { drawings } from './charts/drawings.mjs';
import { sections } from './charts/sections.mjs';
import { drawChart } from './charts/svg.mjs';
import { root } from './lib/root.mjs';

const page = 'docs/benchmarks.md';
const folder = 'docs/charts';
const isCheck = process.argv.includes('--check');

const found = sections();
const before = readFileSync(root + page, 'utf8');
const problems = [];
const now = before.replaceAll(/(<!-- figures: (\w+) -->\n)[^]*?(<!-- end -->)/g, (_, open, name, end) => {
  const section = found.get(name);
  if (section === undefined) problems.push(`${page}: there are no figures '${name}'`);
  return `${open}\n${section?.text ?? ''}\n\n${end}`;
});
for (const name of found.keys())
  if (!now.includes(`<!-- figures: ${name} -->`)) problems.push(`${page}: shows no '${name}'`);

/** @type {Map<string, string>} */
const files = new Map([[page, now]]);
for (const { charts } of found.values()) {
  for (const [id, chart] of charts) {
    for (const mode of ['light', 'dark']) files.set(`${folder}/${id}-${mode}.svg`, drawChart(chart, mode));
  }
}
for (const [id, draw] of drawings()) {
  for (const mode of ['light', 'dark']) files.set(`${folder}/${id}-${mode}.svg`, draw(mode));
}
const kept = existsSync(root + folder) ? readdirSync(root + folder).map((name) => `${folder}/${name}`) : [];
const gone = kept.filter((file) => !files.has(file));
const changed = [...files].filter(
  ([file, text]) => !existsSync(root + file) || readFileSync(root + file, 'utf8') !== text,
);

if (isCheck) {
  for (const file of [...changed.map(([name]) => name), ...gone])
    problems.push(`${file}: is not what the results say: npm run charts`);
} else {
  mkdirSync(root + folder, { recursive: true });
  for (const [file, text] of changed) writeFileSync(root + file, text);
  for (const file of gone) rmSync(root + file);
}
for (const problem of problems) console.log(problem);
console.log(
  `${files.size - 1} charts and ${page}, ${changed.length + gone.length} ${isCheck ? 'not as' : 'written as'} the results say`,
);
process.exitCode = problems.length === 0 ? 0 : 1;
