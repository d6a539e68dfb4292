import process from 'node:process';
import { createServer } from 'longwave';
import { channels } from './channels.js';

// Next passes `/longwave` on under another host name, so the page's origin is named here.
const server = createServer({ channels, allowedOrigins: [process.env.PAGE ?? 'http://localhost:3000'] });
await server.listen({ port: Number(process.env.PORT ?? 8080), host: '127.0.0.1' });
await server.channel('news').publish({ text: 'from beside' });
console.log('A server beside Next.');
