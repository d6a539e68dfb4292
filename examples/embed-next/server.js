import { createServer as createHttpServer } from 'node:http';
import process from 'node:process';
import { createServer } from 'longwave';
import next from 'next';
import { channels } from './channels.js';

const app = next({ dev: process.env.NODE_ENV !== 'production' });
await app.prepare();

const http = createHttpServer(app.getRequestHandler());
const longwave = createServer({ channels });
longwave.attach(http);
await longwave.channel('news').publish({ text: 'from next' });

http.listen(Number(process.env.PORT ?? 3000), '127.0.0.1', () => {
  console.log(`http://localhost:${http.address().port}`);
});
