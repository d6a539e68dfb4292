import path from 'node:path';
import { judgeImport } from './layers.mjs';

/** Every place where a module names another: static, type-only, dynamic, `import('x').T`. */
function visitSpecifiers(visit) {
  const ofSource = (node) => {
    if (node.source?.type === 'Literal' && typeof node.source.value === 'string') visit(node.source, node.source.value);
  };
  return {
    ImportDeclaration: ofSource,
    ExportNamedDeclaration: ofSource,
    ExportAllDeclaration: ofSource,
    ImportExpression: ofSource,
    TSImportType: ofSource,
  };
}

const layers = {
  create(context) {
    const file = path.relative(context.cwd, context.filename).split(path.sep).join('/');
    return visitSpecifiers((node, specifier) => {
      const message = judgeImport(file, specifier);
      if (message !== undefined) context.report({ node, message });
    });
  },
};

const noExportAll = {
  create(context) {
    return {
      ExportAllDeclaration(node) {
        context.report({ node, message: 'Name what is exported: `export *` hides changes of the public API.' });
      },
    };
  },
};

const noModuleLet = {
  create(context) {
    return {
      Program(program) {
        for (const statement of program.body) {
          const declaration = statement.type === 'ExportNamedDeclaration' ? statement.declaration : statement;
          if (declaration?.type === 'VariableDeclaration' && declaration.kind !== 'const' && !declaration.declare) {
            context.report({
              node: declaration,
              message: 'Module-level state: give it to an object that somebody owns.',
            });
          }
        }
      },
    };
  },
};

export default {
  meta: { name: 'house' },
  rules: { layers, 'no-export-all': noExportAll, 'no-module-let': noModuleLet },
};
