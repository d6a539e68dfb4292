// Holds how the packages are laid out: arrows between rooms, full folders, long files, wide classes. `--list core` shows the arrows.
import process from 'node:process';
import { parseSync } from 'oxc-parser';
import { walk } from './lib/ast.mjs';
import { codeLines, fullness, layOut, readPackage } from './lib/rooms.mjs';
import { root } from './lib/root.mjs';

/** The most arrows between rooms. A package that is not here has few files. */
const arrowLimits = {
  core: 76,
  client: 61,
  node: 24,
};
const fullFolder = 16;
const longFile = 350;
const wideClass = 18;

/** The present exceptions, with their numbers. None may be added, and each number only falls. */
const beyond = {
  'testkit/simulation/sim-client.ts SimClient': 19,
};

const problems = [];
const notes = [];

function fieldsOf(file, text) {
  const widths = [];
  walk(parseSync(file, text).program, (node) => {
    if (node.type === 'ClassDeclaration' || node.type === 'ClassExpression') {
      const fields = node.body.body.filter((member) => member.type === 'PropertyDefinition' && !member.static);
      widths.push({ name: node.id?.name ?? 'a class', fields: fields.length });
    }
    return true;
  });
  return widths;
}

function judge(name, count, most, what) {
  const allowed = beyond[name] ?? most;
  if (count > allowed) problems.push(`${name}: ${count} ${what}, at most ${allowed}`);
  if (name in beyond && count < allowed)
    problems.push(`${name}: ${count} ${what} now; write that down in check-rooms.mjs`);
}

const packages = [
  'auth',
  'bun',
  'client',
  'core',
  'create-longwave',
  'dialects',
  'lmdb',
  'longwave',
  'nats',
  'node',
  'protocol',
  'react',
  'redis',
  'rooms',
  'testkit',
  'websocket',
  'yjs',
];
for (const name of packages) {
  const files = readPackage(`${root}packages/${name}/src`);
  const { rooms, arrows, back } = layOut(files);
  if (process.argv[2] === '--list' && process.argv[3] === name) console.log(arrows.join('\n'));
  const limit = arrowLimits[name];
  if (limit !== undefined) {
    notes.push(`${name} ${rooms.length} rooms, ${arrows.length} arrows`);
    judge(name, arrows.length, limit, 'arrows between rooms');
  }
  for (const arrow of back) problems.push(`${name}: ${arrow} leads back, each of the two imports the other`);
  for (const [folder, count] of fullness(files)) {
    judge(`${name}/${folder}`, count, fullFolder, 'source files');
  }
  for (const { file, text } of files) {
    const lines = codeLines(text);
    judge(`${name}/${file}`, lines, longFile, 'lines of code');
    for (const { name: title, fields } of fieldsOf(file, text)) {
      judge(`${name}/${file} ${title}`, fields, wideClass, 'fields');
    }
  }
}

for (const problem of problems) console.log(problem);
console.log(notes.join('; '));
process.exitCode = problems.length === 0 ? 0 : 1;
