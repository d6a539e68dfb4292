import { createServer as createHttpServer } from 'node:http';
import { fileURLToPath } from 'node:url';
import { build } from 'esbuild';
import { createServer } from 'longwave';
import { documents, yjs } from 'longwave/yjs/server';
import { channels } from './channels.js';

const longwave = createServer({ channels, documents: yjs() });

// The first visitor finds something to read. On many nodes, one of them writes it.
await documents(longwave).seed('notes/welcome', (ydoc) => {
  ydoc.getText('text').insert(0, '# Notes\n\nOpen this page in two windows, and write in both.\n');
});

const page = `<!doctype html>
<html lang="en">
  <meta charset="utf-8">
  <meta name="viewport" content="width=device-width">
  <title>Notes</title>
  <main></main>
  <p><output></output></p>
  <script type="module" src="/page.js"></script>
</html>
`;

// A bundler of your own does this once, when you build.
const bundle = await build({
  entryPoints: [fileURLToPath(new URL('page.js', import.meta.url))],
  bundle: true,
  format: 'esm',
  minify: true,
  write: false,
});
const script = bundle.outputFiles[0]!.contents;

const http = createHttpServer((request, response) => {
  if (request.url === '/page.js') response.setHeader('Content-Type', 'text/javascript').end(script);
  else if (request.url === '/') response.setHeader('Content-Type', 'text/html; charset=utf-8').end(page);
  else response.writeHead(404).end();
});

longwave.attach(http);

http.listen(Number(process.env['PORT'] ?? 8080), '127.0.0.1', () => {
  const address = http.address();
  console.log(`http://localhost:${typeof address === 'object' ? address?.port : address}`);
});
