import { createServer } from 'longwave';
import { channels } from './channels.js';

const server = createServer({ channels });
const { port } = await server.listen({ port: Number(process.env['PORT'] ?? 8080), host: '127.0.0.1' });
await server.channel('news').publish({ text: 'Good morning.' });
console.log(`http://localhost:${port}`);
