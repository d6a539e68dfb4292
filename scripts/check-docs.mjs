// Compiles and runs what the documentation shows. CONTRIBUTING.md says how blocks are marked. `npm run check -- docs` takes all
// pages; `node scripts/check-docs.mjs docs/guides` those whose path begins so.
import { existsSync, mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import process from 'node:process';
import { pathToFileURL } from 'node:url';
import { findFreePort } from '@longwave/testkit/services';
import { errorsPage } from './lib/errors-page.mjs';
import { readBlocks } from './lib/doc-blocks.mjs';
import { withGeneratedParts } from './lib/generated-parts.mjs';
import { listFiles } from './lib/files.mjs';
import { root } from './lib/root.mjs';
import { bin, run } from './lib/run.mjs';
import { budgets } from './lib/size-budget.mjs';
import { brokenLinks } from './site/links.mjs';
import { readPages } from './site/pages.mjs';
import { createOpenApi } from '../packages/node/dist/http-api/openapi/openapi.js';

const PAGE_TIMEOUT_MS = 30_000;
const folder = '.cache/docs';

const pages = [
  'README.md',
  ...listFiles(['docs'], /\.md$/),
  ...listFiles(['packages', 'apps', 'examples'], /^(?!.*\/templates\/).*\/README\.md$/),
].filter((page) => page.startsWith(process.argv[2] ?? ''));
const problems = [];
const parsed = [];
for (const page of pages) {
  let markdown;
  try {
    markdown = readFileSync(root + page, 'utf8');
  } catch {
    problems.push(`${page}: missing`);
    continue;
  }
  const read = readBlocks(page, markdown);
  problems.push(...read.problems);
  for (const { source, code, line } of read.copies) {
    if (!existsSync(root + source)) problems.push(`${page}:${line}: there is no ${source}`);
    else if (readFileSync(root + source, 'utf8') !== code)
      problems.push(`${page}:${line}: is not what ${source} holds`);
  }
  const name = page.replace(/\.md$/, '').replaceAll('/', '-').toLowerCase();
  parsed.push({ page, name, ...read, blocks: read.blocks.filter((block) => block.use !== 'sketch') });
}

rmSync(root + folder, { recursive: true, force: true });
mkdirSync(root + folder, { recursive: true });
for (const { name, blocks } of parsed) {
  // Pages name the ports people would use; here each page gets one of its own, so that runs do not meet.
  const port = await findFreePort();
  for (const { file, code } of blocks) {
    const target = path.join(root, folder, 'src', name, file);
    mkdirSync(path.dirname(target), { recursive: true });
    // The empty export makes a module of a block that imports nothing; it stands last so that lines keep their numbers.
    writeFileSync(target, `${code.replaceAll(/\b8080\b/g, String(port))}\nexport {};\n`);
  }
}
writeFileSync(
  `${root}${folder}/tsconfig.json`,
  JSON.stringify({
    extends: '../../tsconfig.base.json',
    compilerOptions: {
      composite: false,
      declaration: false,
      declarationMap: false,
      noUnusedLocals: false,
      noUnusedParameters: false,
      lib: ['es2023', 'esnext.disposable', 'dom', 'dom.iterable', 'dom.asynciterable'],
      types: ['node'],
      jsx: 'react-jsx',
      rootDir: 'src',
      outDir: 'out',
    },
    include: ['src'],
  }),
);

checkClaims();
const linked = new Map(readPages().map(({ source, markdown }) => [source, markdown]));
linked.set('README.md', readFileSync(`${root}README.md`, 'utf8'));
for (const [page, markdown] of linked) {
  const { now, problems: wrong } = await withGeneratedParts(markdown);
  problems.push(...wrong.map((problem) => `${page}: ${problem}`));
  if (now !== markdown) problems.push(`${page}: a generated part is not up to date: run npm run pages`);
}
problems.push(...brokenLinks(linked, (place) => existsSync(root + place)));

const blockCount = parsed.reduce((sum, { blocks }) => sum + blocks.length, 0);
let ran = 0;
if (blockCount > 0) {
  const { code, output } = await run(bin('typescript/bin/tsc', '-p', folder, '--pretty', 'false'));
  if (code !== 0) problems.push(inTermsOfPages(output));
  else for (const page of parsed) await runPage(page);
}

/** Facts on pages that a program knows better. */
function checkClaims() {
  const say = (page, text, why) => {
    if (!readFileSync(root + page, 'utf8').includes(text)) problems.push(`${page}: ${why}: '${text}'`);
  };
  for (const budget of Object.values(budgets))
    say('CONTRIBUTING.md', `above ${budget / 1024} KiB`, 'does not say what check-size.mjs allows');
  if (readFileSync(`${root}docs/errors.md`, 'utf8') !== errorsPage())
    problems.push('docs/errors.md: is not what the codes are: run npm run pages');
  const readme = 'packages/longwave/README.md';
  for (const route of Object.keys(createOpenApi('').paths)) say(readme, `${route}\``, 'its table lacks a route');
}

async function runPage({ page, name, blocks, output: expected }) {
  const modules = blocks
    .filter(({ use }) => use === 'run')
    .map(({ file }) => pathToFileURL(path.join(root, folder, 'out', name, file.replace(/\.tsx?$/, '.js'))).href);
  if (modules.length === 0) return;
  ran += modules.length;
  // In order and in one process, as the reader meets them. A server keeps a process alive: the page ends it.
  const program = `for (const url of ${JSON.stringify(modules)}) await import(url);\nprocess.exit(process.exitCode ?? 0);`;
  // Tests of a page report into a file: their times would stand among what the page prints.
  const report = path.join(root, folder, `${name}.tap`);
  const reporting = ['--test-reporter=tap', `--test-reporter-destination=${report}`];
  const { code, output } = await run([process.execPath, ...reporting, '--input-type=module', '--eval', program], {
    timeoutMs: PAGE_TIMEOUT_MS,
  });
  const tests = existsSync(report) ? readFileSync(report, 'utf8') : '';
  if (code !== 0) problems.push(`${page}: exit code ${code}\n${output.trimEnd()}\n${tests.trimEnd()}`);
  else if (expected !== undefined && output.trim() !== expected.trim()) {
    problems.push(`${page}: prints\n${output.trim()}\ninstead of\n${expected.trim()}`);
  }
}

/** `.cache/docs/src/readme/server.ts(3,1): error …` → `README.md:14 (server.ts): error …`. */
function inTermsOfPages(output) {
  return output
    .trimEnd()
    .replaceAll(/^\.cache\/docs\/src\/([\w-]+)\/(\S+?)\((\d+),\d+\)/gm, (text, name, file, line) => {
      const page = parsed.find((one) => one.name === name);
      const block = page?.blocks.find((one) => one.file === file);
      return block === undefined ? text : `${page.page}:${block.line + Number(line)} (${file})`;
    });
}

for (const problem of problems) console.log(problem);
console.log(`${blockCount} blocks of ${parsed.length} pages compile, ${ran} of them run`);
process.exitCode = problems.length === 0 ? 0 : 1;
