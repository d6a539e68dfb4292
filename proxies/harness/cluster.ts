import { facade } from '@longwave/testkit';
import {
  LongwaveError,
  type Server,
  type Store,
  createServer,
  defineCalls,
  defineChannels,
  log,
  memory,
} from 'longwave';

const retain = { maxCount: 10_000 };

export const channels = defineChannels({ 'room/:name': log({ retain }), secret: log(), '@me': log({ retain }) });

const quiet = { error: (message: string, cause?: unknown) => console.error(message, cause), info: () => undefined };

/** Two nodes of Longwave in this process, on ports of their own, that share one store. Either can go and come back. */
export class Cluster {
  readonly ports: [number, number] = [0, 0];
  /** Requests and upgrades that came to each, over all its lives. */
  readonly accepted: [number, number] = [0, 0];
  readonly #store = memory();
  readonly #servers: [Server<typeof channels> | undefined, Server<typeof channels> | undefined] = [
    undefined,
    undefined,
  ];
  readonly #heartbeatMs: number;

  private constructor(heartbeatMs: number) {
    this.#heartbeatMs = heartbeatMs;
  }

  static async start({ heartbeatMs = 10_000 }: { readonly heartbeatMs?: number } = {}): Promise<Cluster> {
    const cluster = new Cluster(heartbeatMs);
    await cluster.bringBack(0);
    await cluster.bringBack(1);
    return cluster;
  }

  async bringBack(node: 0 | 1): Promise<void> {
    const tell = (user: string, text: string) => this.tell(user, text);
    const calls = defineCalls({
      echo: { input: undefined, handle: (input: unknown) => input },
      tell: {
        input: undefined,
        handle: async (input: unknown, { user }) => {
          const { to, text } = input as { readonly to: string; readonly text: string };
          await tell(to, `${user}: ${text}`);
          return { told: to };
        },
      },
      refuse: {
        input: undefined,
        handle: () => {
          throw new LongwaveError('forbidden', 'not this');
        },
      },
    });
    const server = createServer({
      channels,
      calls,
      store: this.#share(),
      heartbeat: this.#heartbeatMs,
      authenticate: (token) => ({ user: token ?? 'nobody' }),
      authorize: ({ channel }) => channel !== 'secret',
      logger: quiet,
    });
    const { port } = await server.listen({ port: this.ports[node], host: '127.0.0.1' });
    this.ports[node] = port;
    this.#servers[node] = server;
  }

  /** As a deployment does it: clients are sent elsewhere, then the node ends. */
  async takeAway(node: 0 | 1, drainMs: number): Promise<void> {
    const server = this.#servers[node]!;
    this.#servers[node] = undefined;
    await server.close({ drain: drainMs });
    this.accepted[node] += server.engine.stats.accepted;
  }

  /** A message from the server to a user. */
  async tell(user: string, text: string): Promise<void> {
    const server = this.#servers[0] ?? this.#servers[1]!;
    await server.user(user).publish({ text });
  }

  async stop(): Promise<void> {
    for (const node of [0, 1] as const) if (this.#servers[node]) await this.takeAway(node, 0);
    this.#store.close();
  }

  /** Outlives the node: who closes it is not the node that happens to end. */
  #share(): Store {
    return facade(this.#store, { close: () => undefined });
  }
}
