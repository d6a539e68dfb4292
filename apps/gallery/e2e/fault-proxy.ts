import { once } from 'node:events';
import { type AddressInfo, type Socket, connect, createServer } from 'node:net';

/**
 * A TCP proxy that can cut the network: the browser's own offline switch leaves open WebSockets alone.
 * `freeze` is the tunnel, where nothing passes and nobody is told; `cut` is the cable pulled.
 */
export interface FaultProxy {
  readonly url: string;
  freeze(): void;
  cut(): void;
  /** What was frozen is dropped; new connections pass again. */
  heal(): void;
  close(): Promise<void>;
}

export async function startFaultProxy(targetPort: number): Promise<FaultProxy> {
  const sockets = new Set<Socket>();
  let mode: 'open' | 'frozen' | 'cut' = 'open';

  const server = createServer((near) => {
    near.on('error', () => undefined);
    if (mode === 'cut') {
      near.destroy();
      return;
    }
    sockets.add(near);
    near.once('close', () => sockets.delete(near));
    if (mode === 'frozen') {
      near.pause();
      return;
    }
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
    url: `http://localhost:${(server.address() as AddressInfo).port}`,
    freeze: () => {
      mode = 'frozen';
      for (const socket of sockets) {
        socket.unpipe();
        socket.pause();
      }
    },
    cut: () => {
      mode = 'cut';
      dropAll();
    },
    heal: () => {
      if (mode === 'frozen') dropAll();
      mode = 'open';
    },
    close: async () => {
      dropAll();
      server.close();
      await once(server, 'close');
    },
  };
}
