import { once } from 'node:events';
import { type AddressInfo, type Socket, connect, createServer } from 'node:net';
import { findFreePort } from './free-port.js';

/** A way to a port of this machine whose connections can stand still without breaking. */
export interface FreezableLink {
  readonly port: number;
  /** Nothing goes through the connections there are: what is sent waits, even if its sender is gone. New ones are not touched. */
  freeze(): void;
  thaw(): void;
  /** Cuts all connections, with what waits in them; new ones are made as before. */
  cut(): void;
  close(): Promise<void>;
}

export async function startLink(toPort: number): Promise<FreezableLink> {
  const open = new Set<Socket>();
  const frozen = new Set<Socket>();
  const pipe = (from: Socket, to: Socket): void => {
    open.add(from);
    from.on('data', (chunk) => {
      if (!to.write(chunk)) from.pause();
    });
    to.on('drain', () => frozen.has(from) || from.resume());
    from.on('error', () => undefined);
    from.on('close', () => {
      open.delete(from);
      to.end();
    });
  };
  const server = createServer((near) => {
    const far = connect({ port: toPort, host: '127.0.0.1' });
    pipe(near, far);
    pipe(far, near);
  });
  server.listen(await findFreePort(), '127.0.0.1');
  await once(server, 'listening');
  const cut = (): void => {
    for (const socket of open) socket.destroy();
  };
  return {
    port: (server.address() as AddressInfo).port,
    freeze: () => {
      for (const socket of open) {
        frozen.add(socket);
        socket.pause();
      }
    },
    thaw: () => {
      for (const socket of frozen) socket.resume();
      frozen.clear();
    },
    cut,
    close: async () => {
      cut();
      server.close();
      await once(server, 'close');
    },
  };
}
