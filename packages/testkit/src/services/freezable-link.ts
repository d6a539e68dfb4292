import { once } from 'node:events';
import { type AddressInfo, type Socket, connect, createServer } from 'node:net';

/** A way to a port of this machine that can stand still without a connection breaking. */
export interface FreezableLink {
  readonly port: number;
  /** Nothing goes through from now on; what is sent waits. */
  freeze(): void;
  thaw(): void;
  /** Cuts all connections; new ones are made as before. */
  cut(): void;
  close(): Promise<void>;
}

export async function startLink(toPort: number): Promise<FreezableLink> {
  const sockets = new Set<Socket>();
  let frozen = false;
  const server = createServer((near) => {
    const far = connect({ port: toPort, host: '127.0.0.1' });
    for (const [from, to] of [
      [near, far],
      [far, near],
    ] as const) {
      sockets.add(from);
      from.on('data', (chunk) => {
        if (!to.write(chunk)) from.pause();
      });
      to.on('drain', () => frozen || from.resume());
      from.on('error', () => undefined);
      from.on('close', () => {
        sockets.delete(from);
        // What froze on its way does not arrive behind the end.
        if (!frozen) to.destroy();
      });
      if (frozen) from.pause();
    }
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  const cut = (): void => {
    for (const socket of sockets) socket.destroy();
  };
  return {
    port: (server.address() as AddressInfo).port,
    freeze: () => {
      frozen = true;
      for (const socket of sockets) socket.pause();
    },
    thaw: () => {
      frozen = false;
      for (const socket of sockets) socket.resume();
    },
    cut,
    close: async () => {
      cut();
      server.close();
      await once(server, 'close');
    },
  };
}
