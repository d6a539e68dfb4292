import express from 'express';
import { createServer } from 'longwave';
import { defineChannels, log } from 'longwave/contract';

const longwave = createServer({ channels: defineChannels({ news: log() }) });

const app = express();
// Longwave's HTTP API, metrics and health on the same port; leave it out where they are not wanted.
app.use((request, response, next) => {
  if (!longwave.handleRequest(request, response)) next();
});
app.post('/', async (_request, response) => {
  response.json(await longwave.channel('news').publish({ text: 'from express' }));
});

const http = app.listen(Number(process.env['PORT'] ?? 8080), '127.0.0.1', () => {
  const address = http.address();
  console.log(`http://localhost:${typeof address === 'object' ? address?.port : address}`);
});

longwave.attach(http);
