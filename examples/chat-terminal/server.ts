import { createServer } from 'longwave';
import { channels } from './channels.js';

// #region teach:home-server
const server = createServer({
  channels,
  // Anybody under any name. A real application verifies a signed token here.
  authenticate: (token) => (token ? { user: token } : {}),
  authorize: ({ user, action }) => action !== 'publish' || user !== undefined,
});

const { port } = await server.listen({ port: Number(process.env['PORT'] ?? 8080), host: '127.0.0.1' });
// #endregion
console.log(`http://localhost:${port}`);
