import type { Server } from 'node:http';
import { serve } from '@hono/node-server';
import { serveStatic } from '@hono/node-server/serve-static';
import { Hono } from 'hono';
import { createServer } from 'longwave';
import { documents, yjs } from 'longwave/yjs/server';
import { rules } from './rules.js';

const longwave = createServer({ ...rules, documents: yjs() });

// The first visitor finds something to read. On many nodes, one of them writes it.
await documents(longwave).seed('notes/welcome', (ydoc) => {
  ydoc.getText('text').insert(0, '# Notes\n\nOpen this page in two windows, and write in both.\n');
});

const app = new Hono();
// The page, as `npm run build` made it. In development it comes from Vite.
app.use(serveStatic({ root: 'dist/web' }));

const options = {
  fetch: app.fetch,
  port: Number(process.env['PORT'] ?? 8080),
  hostname: process.env['HOST'] ?? '127.0.0.1',
};
const http = serve(options, ({ port }) => console.log(`http://localhost:${port}`)) as Server;
longwave.attach(http);

// A deployment: clients are sent to another node before this one goes.
process.once('SIGTERM', async () => {
  await longwave.close({ drain: '5s' });
  http.close();
});
