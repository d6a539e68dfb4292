import process from 'node:process';
import { createServer } from 'longwave';
import { rules } from './rules.js';

const server = createServer(rules);
const { port } = await server.listen({ port: Number(process.env['PORT'] ?? 8080), host: '127.0.0.1' });
console.log(`The buzzer is at http://127.0.0.1:${port}`);
