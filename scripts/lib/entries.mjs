import { readFileSync } from 'node:fs';
import path from 'node:path';
import { parseSync } from 'oxc-parser';
import { publishable } from './publishable.mjs';
import { root } from './root.mjs';

/**
 * The entries that applications import, by specifier, with the declarations that the compiler emitted: those of `longwave`, and the
 * stores, which are installed beside it.
 * @returns {Map<string, string>}
 */
export function publicEntries() {
  const all = [...allEntries()];
  const stores = all.filter(([name]) => /^@longwave\/(lmdb|redis|nats)$/.test(name));
  const own = all.filter(([name]) => /^longwave(\/|$)/.test(name));
  // An entry with the declarations of another has the same names: it differs in how its code is loaded.
  const isFirst = ([, file], index) => own.findIndex(([, other]) => other === file) === index;
  return new Map([...own.filter(isFirst), ...stores]);
}

function allEntries() {
  const entries = new Map();
  for (const { home, manifest } of publishable()) {
    for (const [entry, target] of Object.entries(manifest.exports ?? {})) {
      if (target.types) entries.set(manifest.name + entry.slice(1), path.posix.join(home, target.types));
    }
  }
  return entries;
}

/**
 * @typedef {object} Named a name that an entry exports, with the place of its declaration
 * @property {string} name
 * @property {string} file
 * @property {string} declared its name there
 * @property {boolean} isValue false: a type
 * @property {string} doc text of its comment, without the marks
 * @property {string[]} signatures its declarations, with the comments inside
 */

/** @returns {{ namesOf(file: string): Named[] }} */
export function createReader() {
  const entries = allEntries();
  const modules = new Map();
  const moduleOf = (file) => {
    if (!modules.has(file)) modules.set(file, readModule(file));
    return modules.get(file);
  };
  const locate = (file, { source, name }) => {
    if (source === undefined) return { file, name };
    const target = source.startsWith('.')
      ? path.posix.join(path.posix.dirname(file), source.replace(/\.js$/, '.d.ts'))
      : entries.get(source);
    const next = target && moduleOf(target).exports.get(name);
    return next ? locate(target, next) : { file, name };
  };
  return {
    namesOf(file) {
      return [...moduleOf(file).exports].map(([name, origin]) => {
        const place = locate(file, origin);
        const found = moduleOf(place.file).declarations.get(place.name);
        return {
          name,
          file: place.file,
          declared: place.name,
          isValue: !origin.isType && (found?.isValue ?? false),
          doc: found?.doc ?? '',
          signatures: found?.signatures ?? [],
        };
      });
    },
  };
}

function readModule(file) {
  const text = readFileSync(root + file, 'utf8');
  const { program, comments, errors } = parseSync(file, text, { lang: 'dts' });
  if (errors.length > 0) throw new Error(`${file}: ${errors[0].message}`);
  const declarations = new Map();
  const imports = new Map();
  const exports = new Map();
  const docBefore = (start) => {
    const comment = comments.findLast(({ end }) => end <= start && text.slice(end, start).trim() === '');
    return comment?.value.startsWith('*')
      ? comment.value
          .slice(1)
          .replaceAll(/^[ \t]*\* ?/gm, '')
          .trim()
      : '';
  };
  const declare = (node, at, isExported) => {
    const names = node.type === 'VariableDeclaration' ? node.declarations.map(({ id }) => id.name) : [node.id?.name];
    for (const name of names) {
      const isValue = !/^TS(Interface|TypeAlias)/.test(node.type) || (declarations.get(name)?.isValue ?? false);
      const known = declarations.get(name);
      const signatures = [...(known?.signatures ?? []), text.slice(node.start, node.end).replace(/^declare /, '')];
      declarations.set(name, { isValue, doc: known?.doc || docBefore(at), signatures });
      if (isExported) exports.set(name, { name });
    }
  };
  for (const node of program.body) {
    if (node.type === 'ImportDeclaration') {
      for (const one of node.specifiers) {
        imports.set(one.local.name, { source: node.source.value, name: one.imported?.name ?? 'default' });
      }
    } else if (node.type === 'ExportNamedDeclaration') {
      if (node.declaration) declare(node.declaration, node.start, true);
      for (const one of node.specifiers) {
        const origin = { source: node.source?.value, name: one.local.name };
        const isType = node.exportKind === 'type' || one.exportKind === 'type';
        const from = origin.source === undefined ? (imports.get(origin.name) ?? origin) : origin;
        exports.set(one.exported.name, { ...from, isType });
      }
    } else if (node.id || node.declarations) declare(node, node.start, false);
  }
  return { declarations, exports };
}
