// An echo server on @longwave/websocket over node:http, for Autobahn's fuzzingclient.
//
//   node conformance/echo-server.mjs [--port 9001] [--no-deflate]

import { createServer } from 'node:http';
import process from 'node:process';
import { parseArgs } from 'node:util';
import { acceptHandshake, createConnectionSettings } from '@longwave/websocket';
import { createNodePorts, openConnection } from '@longwave/websocket/node';

const ports = createNodePorts();
// The limits are the defaults. Autobahn's largest message has 16 MiB exactly.
const settings = createConnectionSettings({ role: 'server', ports });

/**
 * @param {{ port: number, deflate: boolean, host?: string }} options
 * @returns {Promise<import('node:http').Server>}
 */
export function startEchoServer({ port, deflate, host = '127.0.0.1' }) {
  /** What is granted when it is offered: Autobahn asks for context takeover and for windows of its own choice. */
  const wish = deflate && { serverNoContextTakeover: false, clientNoContextTakeover: false };
  const server = createServer((_request, response) => response.writeHead(426).end());
  server.on('upgrade', (request, socket, head) => {
    const answer = acceptHandshake(request, ports, { deflate: wish });
    if (!answer.accepted) {
      socket.end(answer.response);
      return;
    }
    socket.write(answer.head);
    const handler = {
      onMessage(data) {
        if (typeof data === 'string') connection.sendText(data);
        else connection.sendBinary(data);
      },
      onClose() {},
    };
    const connection = openConnection(socket, settings, handler, { deflate: answer.deflate, head });
  });
  return new Promise((resolve) => server.listen(port, host, () => resolve(server)));
}

if (process.argv[1] === import.meta.filename) {
  const { values } = parseArgs({
    options: { port: { type: 'string', default: '9001' }, 'no-deflate': { type: 'boolean', default: false } },
  });
  await startEchoServer({ port: Number(values.port), deflate: !values['no-deflate'] });
  console.log(
    `echo server on ws://127.0.0.1:${values.port}, permessage-deflate ${values['no-deflate'] ? 'off' : 'on'}`,
  );
}
