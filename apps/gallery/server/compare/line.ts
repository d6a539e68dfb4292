import { once } from 'node:events';
import { type AddressInfo, type Socket, connect, createServer } from 'node:net';
import type { LineTotals } from '../../shared/compare.js';
import { Direction, flow } from './flow.js';
import type { Conditions } from './pace.js';

/** The network of one lane: a TCP proxy on a port of its own, which counts what passes and holds it back as it is told. */
export interface Line {
  readonly port: number;
  readonly totals: LineTotals;
  /** Connections that are open. */
  readonly open: number;
  close(): Promise<void>;
}

interface LineOptions {
  readonly host: string;
  readonly targetPort: number;
  readonly conditions: () => Conditions;
}

/** Rejects with the error of `listen`. */
export async function openLine({ host, targetPort, conditions }: LineOptions): Promise<Line> {
  const up = new Direction();
  const down = new Direction();
  const sockets = new Set<Socket>();
  let connections = 0;

  // Half open: an end travels like everything else, after the bytes before it.
  const server = createServer({ allowHalfOpen: true, noDelay: true }, (near) => {
    connections++;
    const far = connect({ port: targetPort, host: '127.0.0.1', allowHalfOpen: true, noDelay: true });
    sockets.add(near);
    near.on('close', () => sockets.delete(near));
    for (const [one, other] of [
      [near, far],
      [far, near],
    ] as const) {
      // 'close' follows.
      one.on('error', () => undefined);
      // A connection that breaks or is aborted breaks at both ends. After two proper ends there is nothing left to
      // break.
      one.on('close', () => {
        if (!one.readableEnded || !one.writableFinished) other.resetAndDestroy();
      });
    }
    // The proxy's own handshake took no time; one over such a network takes a round trip before anything can be said.
    const readyAt = performance.now() + 2 * conditions().delayMs;
    flow({ from: near, to: far, direction: up, conditions, readyAt });
    flow({ from: far, to: near, direction: down, conditions, readyAt });
  });
  server.listen(0, host);
  await once(server, 'listening');

  return {
    port: (server.address() as AddressInfo).port,
    get totals() {
      return { up: up.bytes, down: down.bytes, connections };
    },
    get open() {
      return sockets.size;
    },
    close: async () => {
      const closed = once(server, 'close');
      server.close();
      for (const socket of sockets) socket.destroy();
      await closed;
    },
  };
}
