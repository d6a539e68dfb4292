// Counts sentences that house English does not allow (CONTRIBUTING.md) and fails above a limit. `--list` prints them; a path after
// it narrows the list.
import { readFileSync } from 'node:fs';
import process from 'node:process';
import { judgeSentence, sentencesOfMarkdown, sentencesOfSource } from './lib/english.mjs';
import { listFiles } from './lib/files.mjs';
import { root } from './lib/root.mjs';

/** A few are left to the heuristics' errors. */
const limit = 20;

const pages = [
  'SPEC.md',
  'README.md',
  'ARCHITECTURE.md',
  'CONTRIBUTING.md',
  ...listFiles(['docs'], /\.md$/),
  ...listFiles(['packages', 'apps', 'examples'], /\/README\.md$/),
];
const sources = listFiles(['packages', 'chaos', 'apps/gallery'], /(?<!\.test|\.test-d|\.d)\.tsx?$/);

const faults = [];
for (const file of [...pages, ...sources]) {
  const text = readFileSync(root + file, 'utf8');
  const sentences = file.endsWith('.md') ? sentencesOfMarkdown(text) : sentencesOfSource(file, text);
  for (const sentence of sentences) {
    const fault = judgeSentence(sentence.text);
    if (fault !== undefined) faults.push({ file, fault, ...sentence });
  }
}

if (process.argv[2] === '--list') {
  const within = process.argv[3] ?? '';
  for (const { file, line, fault, text } of faults.filter((found) => found.file.startsWith(within)))
    console.log(`${file}:${line}: ${fault === 'opens' ? 'opens with' : 'behind for time'}: ${text}`);
}
if (faults.length > limit) console.log('`node scripts/check-english.mjs --list` shows them.');
console.log(`${faults.length} sentences to rewrite, at most ${limit}`);
process.exitCode = faults.length > limit ? 1 : 0;
