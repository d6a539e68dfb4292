import { createServer } from 'longwave';
import { rules } from './rules.js';

const server = createServer(rules);
const { address, port } = await server.listen({
  port: Number(process.env['PORT'] ?? 8080),
  host: process.env['HOST'] ?? '127.0.0.1',
});
console.log(`http://${address}:${port}`);

await server.channel('news/today').publish({ text: 'The server has started.' });
await server.channel('visitors').set(0);

// A deployment: clients are sent to another node before this one goes.
process.once('SIGTERM', () => void server.close({ drain: '5s' }));
