import { once } from 'node:events';
import { type AddressInfo, type Socket, connect, createServer } from 'node:net';

/**
 * A TCP proxy that can cut the network: the browser's own offline switch leaves open WebSockets alone.
 * `cut` is the cable pulled; `freeze` is the change from one network to another, where nobody is told.
 */
export interface FaultProxy {
  readonly url: string;
  /** Open connections fall silent for good; new ones pass. */
  freeze(): void;
  /** Open connections break; new ones are refused until `heal`. */
  cut(): void;
  heal(): void;
  close(): Promise<void>;
}

export async function startFaultProxy(targetPort: number): Promise<FaultProxy> {
  const sockets = new Set<Socket>();
  let isCut = false;

  const server = createServer((near) => {
    near.on('error', () => undefined);
    if (isCut) {
      near.destroy();
      return;
    }
    sockets.add(near);
    near.once('close', () => sockets.delete(near));
    const far = connect(targetPort, '127.0.0.1');
    sockets.add(far);
    far.once('close', () => {
      sockets.delete(far);
      near.destroy();
    });
    near.once('close', () => far.destroy());
    far.on('error', () => near.destroy());
    near.pipe(far);
    far.pipe(near);
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');

  const dropAll = (): void => {
    for (const socket of sockets) socket.destroy();
  };
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    freeze: () => {
      for (const socket of sockets) {
        socket.unpipe();
        socket.pause();
      }
    },
    cut: () => {
      isCut = true;
      dropAll();
    },
    heal: () => {
      isCut = false;
    },
    close: async () => {
      dropAll();
      server.close();
      await once(server, 'close');
    },
  };
}
