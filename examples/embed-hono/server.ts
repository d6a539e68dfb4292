import type { Server } from 'node:http';
import { serve } from '@hono/node-server';
import { Hono } from 'hono';
import { createServer } from 'longwave';
import { defineChannels, log } from 'longwave/contract';

const longwave = createServer({ channels: defineChannels({ news: log() }) });

const app = new Hono();
app.post('/', async (context) => context.json(await longwave.channel('news').publish({ text: 'from hono' })));

const options = { fetch: app.fetch, port: Number(process.env['PORT'] ?? 8080), hostname: '127.0.0.1' };
const http = serve(options, ({ port }) => console.log(`http://localhost:${port}`));

longwave.attach(http as Server);
