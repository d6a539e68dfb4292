import type { Plugin } from 'vite';
import { readSnippets, taughtFolders } from './snippets.js';

const name = 'virtual:snippets';

/**
 * The module `virtual:snippets` loads what a page shows of its own code: for each page a module of data, made of the regions that
 * are marked in the sources. `root` is the repository's.
 */
export function teachPlugin(root: string): Plugin {
  let snippets: ReturnType<typeof readSnippets> | undefined;
  return {
    name: 'longwave:teach',
    resolveId: { filter: { id: /^virtual:snippets/ }, handler: (id) => `\0${id}` },
    load: {
      filter: { id: /^\0virtual:snippets/ },
      handler: (id) => {
        snippets ??= readSnippets(root);
        const page = id.slice(name.length + 2);
        if (page !== '') return `export const snippet = ${JSON.stringify(snippets.get(page))};`;
        const loads = [...snippets.keys()].map((each) => `  ${each}: () => import('${name}/${each}'),`);
        return `export const snippets = {\n${loads.join('\n')}\n};`;
      },
    },
    handleHotUpdate({ file, server }) {
      if (!taughtFolders.some((folder) => file.startsWith(`${root}${folder}/`))) return;
      snippets = undefined;
      for (const [id, module] of server.moduleGraph.idToModuleMap) {
        if (id.startsWith(`\0${name}`)) server.moduleGraph.invalidateModule(module);
      }
    },
  };
}
