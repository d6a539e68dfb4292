// Type-checks the examples of public docstrings, all in one program against the built entries. An example imports nothing: names
// that an entry exports, and those of the application that examples/context.tsx describes, are imported for it.
import { mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import process from 'node:process';
import { parseSync } from 'oxc-parser';
import { walk } from './lib/ast.mjs';
import { createReader, publicEntries } from './lib/entries.mjs';
import { readExamples } from './lib/examples.mjs';
import { listFiles } from './lib/files.mjs';
import { root } from './lib/root.mjs';
import { bin, run } from './lib/run.mjs';

const folder = '.cache/examples';
const problems = [];
const reader = createReader();

/** Where a name is imported from. The same name of two entries means the same, so the first one will do. */
const homes = new Map();
for (const [entry, file] of publicEntries()) {
  for (const { name, isValue, doc } of reader.namesOf(file)) {
    if (!homes.has(name)) homes.set(name, entry);
    if (isValue && !doc.includes('@example')) problems.push(`${entry}: ${name} has no @example`);
  }
}

const context = readFileSync(`${root}scripts/examples/context.tsx`, 'utf8');
for (const [, name] of context.matchAll(/^export (?:declare )?(?:const|function) (\w+)/gm))
  homes.set(name, './context.js');
for (const [, name] of context.matchAll(/^export \{ (?:\w+ as )?(\w+)/gm)) homes.set(name, './context.js');

rmSync(root + folder, { recursive: true, force: true });
mkdirSync(`${root}${folder}/src`, { recursive: true });
writeFileSync(`${root}${folder}/src/context.tsx`, context);

/** By the name of the module made of it. */
const places = new Map();
for (const file of listFiles(['packages'], /\/src\/.*\.tsx?$/)) {
  if (/\.test(-d)?\.|\/testing\//.test(file)) continue;
  for (const { code, line, language } of readExamples(readFileSync(root + file, 'utf8'))) {
    const name = `${file.replaceAll(/[^\w]/g, '-')}-${line}`;
    places.set(name, { file, line });
    writeFileSync(path.join(root, folder, 'src', `${name}.${language}`), `${importsOf(code)}${code}\nexport {};\n`);
  }
}

/** On one line, so that lines keep their numbers but for one. */
function importsOf(code) {
  const { program, errors } = parseSync('example.tsx', code);
  if (errors.length > 0) return '\n';
  const used = new Set();
  walk(program, (node) => {
    if (node.type === 'Identifier' || node.type === 'JSXIdentifier') used.add(node.name);
    return true;
  });
  for (const node of program.body) for (const name of declaredBy(node.declaration ?? node)) used.delete(name);
  return `${[...used].flatMap((name) => (homes.has(name) ? `import { ${name} } from '${homes.get(name)}';` : [])).join(' ')}\n`;
}

function declaredBy(node) {
  const names = [];
  if (node.type === 'VariableDeclaration') {
    for (const { id } of node.declarations) {
      walk(id, (part) => {
        if (part.type === 'TSTypeAnnotation') return false;
        if (part.type === 'Identifier') names.push(part.name);
        return true;
      });
    }
  } else if (node.type === 'ImportDeclaration') names.push(...node.specifiers.map(({ local }) => local.name));
  else if (node.id) names.push(node.id.name);
  return names;
}

writeFileSync(
  `${root}${folder}/tsconfig.json`,
  JSON.stringify({
    extends: '../../tsconfig.base.json',
    compilerOptions: {
      composite: false,
      declaration: false,
      declarationMap: false,
      noEmit: true,
      noUnusedLocals: false,
      noUnusedParameters: false,
      noImplicitReturns: false,
      verbatimModuleSyntax: false,
      lib: ['es2023', 'esnext.disposable', 'dom', 'dom.iterable', 'dom.asynciterable'],
      types: ['node'],
      jsx: 'react-jsx',
      rootDir: 'src',
    },
    include: ['src'],
  }),
);
const { code, output } = await run(bin('typescript/bin/tsc', '-p', folder, '--pretty', 'false'));
if (code !== 0) {
  problems.push(
    output.trimEnd().replaceAll(/^\.cache\/examples\/src\/([\w-]+)\.tsx?\((\d+),\d+\)/gm, (text, name, line) => {
      const place = places.get(name);
      return place ? `${place.file}:${place.line + Number(line) - 1}` : text;
    }),
  );
}

for (const problem of problems) console.log(problem);
console.log(`${places.size} examples of docstrings compile`);
process.exitCode = problems.length === 0 ? 0 : 1;
