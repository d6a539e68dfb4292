// Ties SPEC.md to the tests: every rule stands in the title of a test, every id in a title is a rule.
import { readFileSync } from 'node:fs';
import process from 'node:process';
import { listFiles } from './lib/files.mjs';
import { root } from './lib/root.mjs';
import { compareSpec, rulesOf, titlesOf } from './lib/spec.mjs';

const rules = rulesOf(readFileSync(`${root}SPEC.md`, 'utf8'));
// Contract suites are modules of testkit that register tests; the others are test files.
const files = listFiles(['packages', 'apps', 'conformance'], /(\.test\.tsx?|-suite\.ts)$/);
const titles = files.flatMap((file) =>
  titlesOf(file, readFileSync(root + file, 'utf8')).map((title) => ({ file, ...title })),
);
const { missing, foreign } = compareSpec(rules, titles);

for (const { id, file, line } of foreign) console.log(`${file}:${line}: ${id} is not a rule of SPEC.md`);
if (missing.length > 0) console.log(`No test carries: ${missing.join(', ')}`);
console.log(`${rules.length - missing.length} of ${rules.length} rules stand in the titles of ${titles.length} tests`);
process.exitCode = missing.length + foreign.length === 0 ? 0 : 1;
