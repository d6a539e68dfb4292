import { parseSync } from 'oxc-parser';
import { walk } from '../lib/ast.mjs';

/**
 * Gives a module other names for what it imports, and leaves everything else of its text as it is.
 * @param {string} file its name, which tells JavaScript from declarations
 * @param {string} text
 * @param {(specifier: string) => string} rename
 */
export function rewriteImports(file, text, rename) {
  const { program, errors } = parseSync(file, text, { lang: file.endsWith('.d.ts') ? 'dts' : 'js' });
  if (errors.length > 0) throw new Error(`${file}: ${errors[0].message}`);
  const places = [];
  walk(program, (node) => {
    const source = sourceOf(node);
    if (source?.type === 'Literal' && typeof source.value === 'string') places.push(source);
    return true;
  });
  return places
    .toSorted((a, b) => b.start - a.start)
    .reduce((result, { start, end, value }) => {
      const name = rename(value);
      return name === value ? result : `${result.slice(0, start)}'${name}'${result.slice(end)}`;
    }, text);
}

function sourceOf(node) {
  switch (node.type) {
    case 'ImportDeclaration':
    case 'ExportNamedDeclaration':
    case 'ExportAllDeclaration':
    case 'ImportExpression':
      return node.source;
    case 'TSImportType':
      return node.source ?? node.argument?.literal ?? node.argument;
    default:
      return undefined;
  }
}
