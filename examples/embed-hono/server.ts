import type { Server } from 'node:http';
import { type HttpBindings, serve } from '@hono/node-server';
import { RESPONSE_ALREADY_SENT } from '@hono/node-server/utils/response';
import { Hono } from 'hono';
import { createServer } from 'longwave';
import { defineChannels, log } from 'longwave/contract';

const longwave = createServer({ channels: defineChannels({ news: log() }) });

const app = new Hono<{ Bindings: HttpBindings }>();
// Longwave's HTTP API, metrics and health on the same port; leave it out where they are not wanted.
app.use(async ({ env }, next) => {
  if (longwave.handleRequest(env.incoming, env.outgoing)) return RESPONSE_ALREADY_SENT;
  return next();
});
app.post('/', async (context) => context.json(await longwave.channel('news').publish({ text: 'from hono' })));

const options = { fetch: app.fetch, port: Number(process.env['PORT'] ?? 8080), hostname: '127.0.0.1' };
const http = serve(options, ({ port }) => console.log(`http://localhost:${port}`));

longwave.attach(http as Server);
