import { parseSync } from 'oxc-parser';
import { walk } from './ast.mjs';

const RULE = /\*\*([A-Z]+-\d+)\*\*/g;
const ID = /\b([A-Z]+)-\d+\b/g;
const RUNNERS = new Set(['it', 'test', 'describe']);
const INACTIVE = new Set(['skip', 'todo', 'fails']);

/** The rule ids of a specification, in their order; throws on one that is defined twice. */
export function rulesOf(markdown) {
  const ids = [...markdown.matchAll(RULE)].map((match) => match[1]);
  const twice = ids.find((id, index) => ids.indexOf(id) !== index);
  if (twice !== undefined) throw new Error(`${twice} is defined twice.`);
  return ids;
}

/** `it.each(table)`, `it.skip`, `test.concurrent` → the runner's name and the modifiers on the way. */
function runnerOf(callee) {
  const modifiers = [];
  let node = callee;
  for (;;) {
    if (node.type === 'CallExpression') node = node.callee;
    else if (node.type === 'TaggedTemplateExpression') node = node.tag;
    else if (node.type === 'MemberExpression' && node.property.type === 'Identifier') {
      modifiers.push(node.property.name);
      node = node.object;
    } else break;
  }
  return node.type === 'Identifier' && RUNNERS.has(node.name) ? modifiers : undefined;
}

function textOf(node) {
  if (node?.type === 'Literal' && typeof node.value === 'string') return node.value;
  if (node?.type === 'TemplateLiteral') return node.quasis.map((quasi) => quasi.value.cooked).join('…');
  return undefined;
}

/**
 * The titles of the tests of one file that run. Those skipped, of a skipped `describe` too, do not count.
 * @returns {{ title: string, line: number }[]}
 */
export function titlesOf(file, source) {
  const { program, errors } = parseSync(file, source);
  if (errors.length > 0) throw new Error(`${file}: ${errors[0].message}`);
  const titles = [];
  walk(program, (node) => {
    if (node.type !== 'CallExpression') return true;
    const modifiers = runnerOf(node.callee);
    const title = textOf(node.arguments[0]);
    if (modifiers === undefined || title === undefined) return true;
    if (modifiers.some((modifier) => INACTIVE.has(modifier))) return false;
    titles.push({ title, line: source.slice(0, node.start).split('\n').length });
    return true;
  });
  return titles;
}

/**
 * Holds a specification against the titles of the tests.
 * An id that no rule has is reported when its letters are those of a rule (`SUB-99`) or it leads its title (`XYZ-1: …`);
 * `UTF-8` in the middle of a title is none.
 * @param {readonly string[]} rules
 * @param {readonly { file: string, line: number, title: string }[]} titles
 */
export function compareSpec(rules, titles) {
  const known = new Set(rules);
  const prefixes = new Set(rules.map((rule) => rule.split('-')[0]));
  const proven = new Set();
  const foreign = [];
  for (const { file, line, title } of titles) {
    for (const match of title.matchAll(ID)) {
      const id = match[0];
      const leads = new RegExp(String.raw`^(?:[A-Z]+-\d+(?:, | and ))*${id}:`).test(title);
      if (known.has(id)) proven.add(id);
      else if (prefixes.has(match[1]) || leads) foreign.push({ id, file, line });
    }
  }
  return { missing: rules.filter((rule) => !proven.has(rule)), foreign };
}
