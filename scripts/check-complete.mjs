// Every function, hook and class that applications import, every option, and every environment variable of the command line and the
// server stands on a page that people read: not only in docs/api.md or the reference. Routes, commands, flags, metrics and codes
// are on pages that `npm run pages` writes of the program.
import { readFileSync } from 'node:fs';
import process from 'node:process';
import { parseSync } from 'oxc-parser';
import { createReader, publicEntries } from './lib/entries.mjs';
import { listFiles } from './lib/files.mjs';
import { root } from './lib/root.mjs';
import { wordsOfCode } from './site/words.mjs';

const pages = [
  ...listFiles(['docs'], /\.md$/).filter((page) => page !== 'docs/api.md'),
  ...listFiles(['packages'], /^packages\/\w+\/README\.md$/),
];
const words = new Set(pages.flatMap((page) => [...wordsOfCode(readFileSync(root + page, 'utf8'))]));
const problems = [];
let count = 0;

/** A word that must stand on a page. */
function expectWord(word, what) {
  count += 1;
  if (!words.has(word)) problems.push(`${what} '${word}' stands on no page of docs/`);
}

const reader = createReader();
const seen = new Set();
for (const [entry, file] of publicEntries()) {
  for (const { name, isValue, signatures } of reader.namesOf(file)) {
    if (seen.has(name)) continue;
    seen.add(name);
    if (isValue) expectWord(name, `${entry}:`);
    if (!/Options$|^Hooks$|^Limits$/.test(name)) continue;
    for (const option of membersOf(signatures)) expectWord(option, `${entry}: ${name}:`);
  }
}

const sources = listFiles(['packages'], /^packages\/(longwave|node|core|lmdb|redis|nats|yjs|auth)\/src\/.*\.ts$/);
for (const file of sources.filter((name) => !/\.test\.ts$|\/testing\//.test(name))) {
  const text = readFileSync(root + file, 'utf8');
  for (const [, one, other] of text.matchAll(/process\.env\['([A-Z_]+)'\]|\.env\(\s*'([A-Z_]+)'/g))
    expectWord(one ?? other, `${file}: the variable`);
}

for (const problem of problems) console.log(problem);
console.log(`${count} names, options and variables stand on ${pages.length} pages`);
process.exitCode = problems.length === 0 ? 0 : 1;

/** Names of the members of interfaces and object types. */
function membersOf(signatures) {
  const names = new Set();
  for (const text of signatures) {
    const { program } = parseSync('a.d.ts', text, { lang: 'dts' });
    for (const { body, typeAnnotation } of program.body.map((node) => node.declaration ?? node)) {
      for (const member of body?.body ?? typeAnnotation?.members ?? []) {
        if (member.key?.type === 'Identifier') names.add(member.key.name);
      }
    }
  }
  return names;
}
