import type { Server } from 'node:http';
import { serve } from '@hono/node-server';
import { serveStatic } from '@hono/node-server/serve-static';
import { Hono } from 'hono';
import { createServer } from 'longwave';
import { rules } from './rules.js';
import { Simulation } from './simulation.js';

const longwave = createServer(rules);
const fleet = longwave.channel('fleet');

const simulation = new Simulation(400);
const everyMs = 500;
const report = async (): Promise<void> => {
  await Promise.all(simulation.step(everyMs / 1000).map(({ id, vehicle }) => fleet.put(id, vehicle)));
};
await report();
const timer = setInterval(() => void report().catch((error: unknown) => console.error(error)), everyMs);

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
  clearInterval(timer);
  await longwave.close({ drain: '5s' });
  http.close();
});
