import { once } from 'node:events';
import { type AddressInfo, type Socket, connect, createServer } from 'node:net';

/** A way to a server that can be held up, so that nothing passes, and opened again. */
export interface Gate {
  readonly url: string;
  /** Messages on their way wait. */
  shut(): void;
  /** Connections are cut; new ones wait. */
  cut(): void;
  open(): void;
  close(): Promise<void>;
}

export async function openGate(port: number): Promise<Gate> {
  const sockets = new Set<Socket>();
  let isShut = false;
  const server = createServer((client) => {
    const upstream = connect({ port, host: '127.0.0.1' });
    for (const [from, to] of [[client, upstream] as const, [upstream, client] as const]) {
      sockets.add(from);
      from.on('error', () => undefined);
      from.once('close', () => {
        sockets.delete(from);
        to.destroy();
      });
      from.pipe(to);
      if (isShut) from.pause();
    }
  }).listen(0, '127.0.0.1');
  await once(server, 'listening');
  const each = (act: (socket: Socket) => void): void => {
    for (const socket of sockets) act(socket);
  };
  return {
    url: `127.0.0.1:${(server.address() as AddressInfo).port}`,
    shut() {
      isShut = true;
      each((socket) => void socket.pause());
    },
    cut() {
      isShut = true;
      each((socket) => void socket.destroy());
    },
    open() {
      isShut = false;
      each((socket) => void socket.resume());
    },
    async close() {
      server.close();
      each((socket) => void socket.destroy());
      await once(server, 'close');
    },
  };
}
