import type { Server } from 'node:http';
import { serve } from '@hono/node-server';
import { serveStatic } from '@hono/node-server/serve-static';
import { Hono } from 'hono';
import { createServer } from 'longwave';
import { serveRooms } from 'longwave/rooms/server';
import { channels } from '../shared/channels.js';
import { logic } from '../shared/logic.js';
import { rules } from './rules.js';

const longwave = createServer({ ...rules, rooms: serveRooms(channels, { 'meadow/:id': logic }) });

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

// A deployment: rooms and players go to another node before this one ends.
process.once('SIGTERM', async () => {
  await longwave.close({ drain: '5s' });
  http.close();
});
