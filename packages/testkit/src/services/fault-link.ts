import { once } from 'node:events';
import { type AddressInfo, type Server, type Socket, connect, createServer } from 'node:net';
import { FaultLeg } from './fault-leg.js';
import { findFreePort } from './free-port.js';

/**
 * A TCP proxy at 127.0.0.1 whose ways can be frozen, cut, slowed down and left half open, each by itself. With several targets
 * each connection goes to the next of them, and on to another where one refuses, as a load balancer that knows no sessions does.
 */
export class FaultLink {
  readonly port: number;
  readonly legs: readonly FaultLeg[];
  /** Ends of who connected to it. */
  readonly #near = new Set<Socket>();
  #server: Server;
  #accepted = 0;

  private constructor(server: Server, legs: readonly FaultLeg[]) {
    this.#server = server;
    this.legs = legs;
    this.port = (server.address() as AddressInfo).port;
    server.on('connection', (near: Socket) => this.#accept(near));
  }

  /** Throws what `listen` fails with. */
  static async start(targets: readonly number[]): Promise<FaultLink> {
    const link = new FaultLink(
      await listen(await findFreePort()),
      targets.map((target) => new FaultLeg(target)),
    );
    return link;
  }

  /** The only way there is, of a link with one target. */
  get leg(): FaultLeg {
    return this.legs[0]!;
  }

  /** The proxy itself ends, with all that goes through it; `restart` brings it back at the same port. */
  async stop(): Promise<void> {
    for (const leg of this.legs) leg.cut();
    for (const socket of this.#near) socket.destroy();
    if (!this.#server.listening) return;
    this.#server.close();
    await once(this.#server, 'close');
  }

  async restart(): Promise<void> {
    await this.stop();
    this.#server = await listen(this.port);
    this.#server.on('connection', (near: Socket) => this.#accept(near));
  }

  #accept(near: Socket): void {
    near.on('error', () => undefined);
    near.pause();
    this.#near.add(near);
    near.once('close', () => this.#near.delete(near));
    const first = this.#accepted++;
    this.#dial(
      near,
      this.legs.map((_, i) => this.legs[(first + i) % this.legs.length]!),
    );
  }

  #dial(near: Socket, [leg, ...others]: readonly FaultLeg[]): void {
    if (!leg) return void near.resetAndDestroy();
    if (leg.refusing) return this.#dial(near, others);
    const far = connect({ port: leg.target, host: '127.0.0.1', allowHalfOpen: true });
    const giveUp = (): void => void far.destroy();
    near.once('close', giveUp);
    const onError = (): void => {
      near.off('close', giveUp);
      if (!near.destroyed) this.#dial(near, others);
    };
    far.once('error', onError);
    far.once('connect', () => {
      near.off('close', giveUp);
      far.off('error', onError);
      far.on('error', () => undefined);
      near.setNoDelay(true);
      far.setNoDelay(true);
      leg.carry(near, far);
    });
  }
}

async function listen(port: number): Promise<Server> {
  // A half that has said all it has to say may still be answered.
  const server = createServer({ allowHalfOpen: true }).listen({ port, host: '127.0.0.1', backlog: 4096 });
  await once(server, 'listening');
  return server;
}
