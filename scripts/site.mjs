// `npm run docs` builds the site of docs/ and serves it as the gallery does; `-- build` builds alone, `-- dev` shows pages as they are
// written.
import { existsSync, renameSync, rmSync, watch } from 'node:fs';
import { createServer } from 'node:http';
import process from 'node:process';
import { build, createServer as createDevServer } from 'vitepress';
import { compileAll } from './lib/build.mjs';
import { root } from './lib/root.mjs';
import { run } from './lib/run.mjs';
import { builtSite } from './site/built.mjs';
import { staged } from './site/folders.mjs';

const folder = `${root}docs`;
const port = Number(process.env['PORT'] ?? 8081);
const what = process.argv[2] ?? 'serve';
const works = { build: buildSite, serve: serveSite, dev: developSite };

if (Object.hasOwn(works, what)) await works[what]();
else {
  console.error(`No such command: ${what}. There are: ${Object.keys(works).join(', ')}.`);
  process.exitCode = 2;
}

async function buildSite() {
  process.env['LONGWAVE_SITE'] = 'build';
  await stagePages();
  await build(folder);
  // A server of the gallery may read the site meanwhile: it sees the old one or the new one.
  const old = `${root}${staged}-old`;
  rmSync(old, { recursive: true, force: true });
  if (existsSync(root + builtSite)) renameSync(root + builtSite, old);
  renameSync(`${root}${staged}-next`, root + builtSite);
  rmSync(old, { recursive: true, force: true });
  console.log(`${builtSite} written`);
}

async function serveSite() {
  await buildSite();
  const { createDocs } = await import('../apps/gallery/dist/server/docs.js');
  const serve = createDocs(root + builtSite);
  const server = createServer((request, response) => {
    if (!serve(request, response)) response.writeHead(302, { Location: '/docs/' }).end();
  });
  server.listen(port, '127.0.0.1', () => console.log(`Documentation: http://localhost:${port}/docs/`));
}

async function developSite() {
  const stage = await stagePages();
  // A page is small: all of them are put together anew, and the server reloads those that changed.
  watch(folder, { recursive: true }, (_, file) => file?.endsWith('.md') && stage());
  const server = await createDevServer(folder, { port });
  await server.listen();
  server.printUrls();
}

/** The pages are read from what the compiler emitted, too. */
async function stagePages() {
  const { code, output } = await run(compileAll);
  if (code !== 0) throw new Error(output);
  const { stage } = await import('./site/stage.mjs');
  stage();
  return stage;
}
