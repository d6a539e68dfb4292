import { createServer as createHttpServer } from 'node:http';
import { createServer } from 'longwave';
import { defineChannels, log } from 'longwave/contract';

const longwave = createServer({ channels: defineChannels({ news: log() }) });

const http = createHttpServer((request, response) => {
  // Longwave's HTTP API, metrics and health on the same port; leave it out where they are not wanted.
  if (longwave.handleRequest(request, response)) return;
  if (request.method !== 'POST') {
    response.end('POST here, and every subscriber of "news" hears of it.\n');
    return;
  }
  longwave
    .channel('news')
    .publish({ text: 'from http' })
    .then(({ position }) => response.end(`stored at #${position.offset}\n`))
    .catch(() => response.writeHead(500).end());
});

longwave.attach(http);

http.listen(Number(process.env['PORT'] ?? 8080), '127.0.0.1', () => {
  const address = http.address();
  console.log(`http://localhost:${typeof address === 'object' ? address?.port : address}`);
});
