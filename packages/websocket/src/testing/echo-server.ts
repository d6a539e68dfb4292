import { once } from 'node:events';
import { createServer } from 'node:http';
import type { AddressInfo, Socket } from 'node:net';
import {
  acceptHandshake,
  type AcceptOptions,
  type ConnectionOptions,
  createConnectionSettings,
  type WebSocketConnection,
} from '../index.js';
import { openConnection } from '../node/index.js';
import { ports } from './recorder.js';

export interface EchoServer {
  readonly port: number;
  readonly url: string;
  /** `code:reason:clean` of each connection that is over. */
  readonly closes: string[];
  stop(): Promise<void>;
}

/** Echoes every message; Node's http server does the parsing of the request. */
export async function startEchoServer(
  accept: AcceptOptions = {},
  options: Partial<ConnectionOptions> = {},
): Promise<EchoServer> {
  const settings = createConnectionSettings({ role: 'server', ports, ...options });
  const server = createServer();
  const sockets = new Set<Socket>();
  const closes: string[] = [];
  server.on('upgrade', (request, stream, head) => {
    const socket = stream as Socket;
    sockets.add(socket);
    const answer = acceptHandshake(request, ports, accept);
    if (!answer.accepted) return void socket.end(answer.response);
    socket.write(answer.head);
    const connection: WebSocketConnection = openConnection(
      socket,
      settings,
      {
        onMessage(data) {
          if (typeof data === 'string') connection.sendText(data);
          else connection.sendBinary(data);
        },
        onClose: (code, reason, clean) => void closes.push(`${code}:${reason}:${clean ? 'clean' : 'unclean'}`),
      },
      { deflate: answer.deflate, head },
    );
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  const { port } = server.address() as AddressInfo;
  return {
    port,
    url: `ws://127.0.0.1:${port}`,
    closes,
    async stop() {
      for (const socket of sockets) socket.destroy();
      server.close();
      await once(server, 'close');
    },
  };
}
