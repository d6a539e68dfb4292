export { type Server, createServer } from './server/create-server.js';
