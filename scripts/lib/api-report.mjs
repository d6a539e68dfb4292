import path from 'node:path';
import { parseSync } from 'oxc-parser';
import { walk } from './ast.mjs';

/**
 * The public API of an entry point, read from the declarations the compiler emitted: what it exports, and what those
 * declarations refer to without exporting it. Comments are left out: the report changes when the API does.
 * @param {string} entry path of a `.d.ts`
 * @param {(file: string) => string} read
 * @returns {{ exported: string[], referred: string[] }} texts of declarations, sorted by name
 */
export function reportApi(entry, read) {
  const modules = new Map();
  const moduleOf = (file) => {
    let found = modules.get(file);
    if (found === undefined) modules.set(file, (found = readModule(file, read(file))));
    return found;
  };

  /** Follows re-exports and imports to where a name is declared; undefined when that is another package. */
  const locate = (file, { source, name }) => {
    if (source === undefined) return { file, name };
    if (!source.startsWith('.')) return undefined;
    const target = path.posix.join(path.posix.dirname(file), source.replace(/\.js$/, '.d.ts'));
    const next = moduleOf(target).exports.get(name);
    if (next === undefined) throw new Error(`${file}: ${source} does not export ${name}`);
    return locate(target, next);
  };

  const reached = new Map();
  const queue = [];
  const reach = (place, exportedAs) => {
    const key = `${place.file}#${place.name}`;
    const known = reached.get(key);
    if (known !== undefined) {
      if (exportedAs !== undefined) known.exportedAs.push(exportedAs);
      return;
    }
    const item = { ...place, exportedAs: exportedAs === undefined ? [] : [exportedAs] };
    reached.set(key, item);
    queue.push(item);
  };

  const elsewhere = [];
  for (const [name, origin] of moduleOf(entry).exports) {
    const place = locate(entry, origin);
    if (place === undefined)
      elsewhere.push({ name, text: `export { ${origin.name} as ${name} } from '${origin.source}';` });
    else reach(place, name);
  }
  for (let item = queue.shift(); item !== undefined; item = queue.shift()) {
    const module = moduleOf(item.file);
    for (const declaration of module.declarations.get(item.name) ?? []) {
      for (const { source, name } of module.referencesOf(declaration)) {
        const place = locate(item.file, { source, name });
        if (place !== undefined) reach(place, undefined);
      }
    }
  }

  const texts = { exported: [...elsewhere], referred: [] };
  for (const { file, name, exportedAs } of reached.values()) {
    const module = moduleOf(file);
    const body = (module.declarations.get(name) ?? []).map((declaration) => module.textOf(declaration)).join('\n');
    const aliases = exportedAs.filter((alias) => alias !== name).map((alias) => `// exported as ${alias}\n`);
    const list = exportedAs.length > 0 ? texts.exported : texts.referred;
    list.push({ name: exportedAs[0] ?? name, text: aliases.join('') + body });
  }
  const sorted = (list) =>
    list.sort((a, b) => compare(a.name, b.name) || compare(a.text, b.text)).map(({ text }) => text);
  return { exported: sorted(texts.exported), referred: sorted(texts.referred) };
}

const compare = (a, b) => (a < b ? -1 : a > b ? 1 : 0);

function readModule(file, source) {
  const { program, comments, errors } = parseSync(file, source, { lang: 'dts' });
  if (errors.length > 0) throw new Error(`${file}: ${errors[0].message}`);
  const declarations = new Map();
  const imports = new Map();
  const exports = new Map();

  const declare = (name, node) => declarations.set(name, [...(declarations.get(name) ?? []), node]);
  const declareAll = (node, isExported) => {
    const names = node.type === 'VariableDeclaration' ? node.declarations.map((one) => one.id.name) : [node.id?.name];
    for (const name of names) {
      if (name === undefined) continue;
      declare(name, node);
      if (isExported) exports.set(name, { name });
    }
  };

  for (const node of program.body) {
    if (node.type === 'ImportDeclaration') {
      for (const one of node.specifiers) {
        imports.set(one.local.name, { source: node.source.value, name: one.imported?.name ?? 'default' });
      }
    } else if (node.type === 'ExportNamedDeclaration') {
      if (node.declaration) declareAll(node.declaration, true);
      for (const one of node.specifiers) {
        const origin = { source: node.source?.value, name: one.local.name };
        exports.set(one.exported.name, origin.source === undefined ? (imports.get(origin.name) ?? origin) : origin);
      }
    } else if (node.type === 'ExportAllDeclaration') {
      throw new Error(`${file}: \`export *\` from ${node.source.value}`);
    } else declareAll(node, false);
  }

  return {
    declarations,
    exports,
    /** The names of this module's own scope that a declaration uses. */
    referencesOf(declaration) {
      const found = [];
      walk(declaration, (node) => {
        if (node.type === 'TSImportType' && node.qualifier?.type === 'Identifier') {
          found.push({ source: node.source.value, name: node.qualifier.name });
        }
        if (node.type === 'Identifier') {
          const imported = imports.get(node.name);
          if (imported !== undefined) found.push(imported);
          else if (declarations.has(node.name)) found.push({ name: node.name });
        }
        return true;
      });
      return found;
    },
    textOf(declaration) {
      let text = '';
      let at = declaration.start;
      for (const comment of comments) {
        if (comment.start < declaration.start || comment.end > declaration.end) continue;
        text += source.slice(at, comment.start);
        at = comment.end;
      }
      text += source.slice(at, declaration.end);
      return text
        .split('\n')
        .filter((line) => line.trim() !== '')
        .map((line) => line.trimEnd())
        .join('\n');
    },
  };
}
