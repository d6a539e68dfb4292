// A server of documents in a process of its own: `node document-server.mjs <folder of the store> <port>`. Runs what was built.
import process from 'node:process';
import { lmdb } from '@longwave/lmdb';
import { createServer, defineChannels, doc } from '../../dist/index.js';
import { hocuspocus, yWebsocket } from '../../dist/dialects.js';
import { yjs } from '../../dist/yjs-server.js';

const [path, port] = process.argv.slice(2);
const document = (name) => `doc/${name}`;
const server = createServer({
  channels: defineChannels({ 'doc/:id': doc() }),
  documents: yjs(),
  store: lmdb({ path }),
  dialects: [yWebsocket({ document }), hocuspocus({ document })],
});
process.send((await server.listen({ port: Number(port), host: '127.0.0.1' })).port);
