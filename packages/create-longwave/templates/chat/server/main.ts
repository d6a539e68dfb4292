import type { Server } from 'node:http';
import { serve } from '@hono/node-server';
import { serveStatic } from '@hono/node-server/serve-static';
import { Hono } from 'hono';
import { createServer } from 'longwave';
import { z } from 'zod';
import { rules } from './rules.js';
import { signToken } from './tokens.js';

const longwave = createServer(rules);
const app = new Hono();
const signIn = z.object({ name: z.string().trim().min(1).max(40) });

// Asks for a name and nothing else: your own sign-in goes here.
app.post('/api/sign-in', async (context) => {
  const { success, data } = signIn.safeParse(await context.req.json().catch(() => undefined));
  if (!success) return context.json({ error: 'A name has 1 to 40 letters.' }, 400);
  return context.json({ user: data.name, token: await signToken(data.name) });
});

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
