import express from 'express';
import { createServer } from 'longwave';
import { defineChannels, log } from 'longwave/contract';

const longwave = createServer({ channels: defineChannels({ news: log() }) });

const app = express();
app.post('/', async (_request, response) => {
  response.json(await longwave.channel('news').publish({ text: 'from express' }));
});

const http = app.listen(Number(process.env['PORT'] ?? 8080), '127.0.0.1', () => {
  const address = http.address();
  console.log(`http://localhost:${typeof address === 'object' ? address?.port : address}`);
});

longwave.attach(http);
