import { fastify } from 'fastify';
import { createServer } from 'longwave';
import { defineChannels, log } from 'longwave/contract';

const longwave = createServer({ channels: defineChannels({ news: log() }) });

const app = fastify();
// Longwave's HTTP API, metrics and health on the same port; leave it out where they are not wanted.
app.addHook('onRequest', (request, reply, done) => {
  if (longwave.handleRequest(request.raw, reply.raw)) reply.hijack();
  else done();
});
app.post('/', () => longwave.channel('news').publish({ text: 'from fastify' }));

longwave.attach(app.server);

console.log(await app.listen({ port: Number(process.env['PORT'] ?? 8080), host: '127.0.0.1' }));
