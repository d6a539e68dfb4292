// `npm run pages` writes docs/errors.md and the generated parts of other pages; check-docs.mjs says when they are not up to date.
import { readFileSync, writeFileSync } from 'node:fs';
import process from 'node:process';
import { errorsPage } from './lib/errors-page.mjs';
import { listFiles } from './lib/files.mjs';
import { withGeneratedParts } from './lib/generated-parts.mjs';
import { root } from './lib/root.mjs';

writeFileSync(`${root}docs/errors.md`, errorsPage());
for (const page of listFiles(['docs'], /\.md$/)) {
  const before = readFileSync(root + page, 'utf8');
  const { now, problems } = await withGeneratedParts(before);
  for (const problem of problems) {
    console.log(`${page}: ${problem}`);
    process.exitCode = 1;
  }
  if (now !== before) {
    writeFileSync(root + page, now);
    console.log(`${page} written`);
  }
}
