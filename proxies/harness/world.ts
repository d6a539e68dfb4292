import { type Client, type ClientOptions, type Published, connect } from 'longwave/client';
import type { Cluster, channels } from './cluster.js';
import { type Received, Recorder } from './recorder.js';

type User = Client<typeof channels>;

export interface Approach {
  readonly url: string;
  readonly transport: () => NonNullable<ClientOptions['transport']>;
  /** How long nothing is said in the middle of the script. */
  readonly idleMs: number;
  /** Whether nodes go and come back. */
  readonly nodesGo: boolean;
}

/** Who takes part in one run, what they were handed, and what the log should hold of it. */
export class World {
  readonly cluster: Cluster;
  readonly approach: Approach;
  readonly alice: User;
  readonly bob: User;
  readonly recorders: { readonly channel: string; readonly recorder: Recorder }[] = [];
  /** Names of the transports in use, one after the other. */
  readonly transports: string[] = [];
  /** What went wrong and was dealt with, to be told when something was not. */
  readonly diagnostics: string[] = [];
  readonly #clients: User[] = [];
  readonly #acked = new Map<string, Received[]>();
  #published = 0;

  constructor(cluster: Cluster, approach: Approach) {
    this.cluster = cluster;
    this.approach = approach;
    this.alice = this.open('alice');
    this.bob = this.open('bob');
  }

  open(user: string): User {
    const { url, transport } = this.approach;
    const client = connect<typeof channels>(url, {
      token: user,
      transport: transport(),
      reconnect: { minDelay: 50, maxDelay: 500 },
      onDiagnostic: ({ kind, message }) => void this.diagnostics.push(`${user}: ${kind}: ${message}`),
    });
    client.onState((state) => {
      if (state.status === 'connected') this.transports.push(state.transport);
      if (state.status === 'waiting') this.diagnostics.push(`${user} waits: ${state.error?.message}`);
    });
    this.#clients.push(client);
    return client;
  }

  connected(client: User): Promise<void> {
    return new Promise((resolve) => {
      if (client.state.status === 'connected') return resolve();
      const stop = client.onState(({ status }) => {
        if (status !== 'connected') return;
        stop();
        resolve();
      });
    });
  }

  subscribe(client: User, channel: string, from: 'now' | { readonly last: number } = 'now'): Recorder {
    const recorder = new Recorder();
    const { onReset } = recorder;
    recorder.subscription = client.channel(channel as 'secret').subscribe({ from, onReset }, recorder.onMessage);
    this.recorders.push({ channel, recorder });
    return recorder;
  }

  /** As `publish`, for what `say` publishes in a way of its own. */
  async publishOnce(channel: string, text: string, say: () => Promise<Published>): Promise<Published> {
    const published = await say();
    this.#note(channel, text, published);
    return published;
  }

  /** Publishes `count` messages one behind the other, and remembers where each was stored. */
  async publish(client: User, channel: string, count = 1, text?: string): Promise<Published> {
    const sent = Array.from({ length: count }, async () => {
      const body = text ?? `message ${++this.#published}`;
      const published = await client.channel(channel as 'secret').publish({ text: body });
      this.#note(channel, body, published);
      return published;
    });
    const all = await Promise.all(sent);
    const offsets = all.map(({ position }) => position.offset);
    if (offsets.some((offset, i) => i > 0 && offset <= offsets[i - 1]!)) {
      throw new Error(`Stored in another order: ${offsets.join(', ')}`);
    }
    return all.at(-1)!;
  }

  /** Everybody who stays subscribed has been handed everything. */
  async settled(): Promise<void> {
    for (const { channel, recorder } of this.recorders) {
      const top = Math.max(0, ...(this.#acked.get(channel) ?? []).map(({ offset }) => offset));
      if (recorder.subscription.state !== 'ended') await recorder.reaches(top);
    }
  }

  /** Lost, duplicated and reordered, of everything that was acknowledged. */
  async faults(): Promise<string[]> {
    const faults: string[] = [];
    for (const channel of new Set(this.recorders.map((each) => each.channel))) {
      const log = await this.#readLog(channel);
      const acked = this.#acked.get(channel) ?? [];
      for (const { offset, text } of acked) {
        if (log.find((each) => each.offset === offset)?.text !== text)
          faults.push(`${channel} ${offset}: acked, not stored`);
      }
      if (channel !== '@me' && log.length !== acked.length) {
        faults.push(`${channel}: ${log.length} stored, ${acked.length} acknowledged`);
      }
      for (const { recorder } of this.recorders.filter((each) => each.channel === channel)) {
        // Of a subscription that was ended, what it was handed until then.
        const isOver = recorder.subscription.state === 'ended';
        const seen = isOver ? log.filter(({ offset }) => offset <= recorder.last) : log;
        faults.push(
          ...recorder.faults(channel === '@me' ? recorder.received : seen).map((fault) => `${channel}: ${fault}`),
        );
      }
    }
    return faults;
  }

  close(): void {
    for (const client of this.#clients) client.close();
  }

  #note(channel: string, text: string, { position }: Published): void {
    const acked = this.#acked.get(channel) ?? [];
    acked.push({ offset: position.offset, text });
    this.#acked.set(channel, acked);
  }

  async #readLog(channel: string): Promise<Received[]> {
    const log: Received[] = [];
    if (channel === '@me') return log;
    for (;;) {
      const { messages } = await this.alice.channel(channel as 'secret').history({ after: log.length, limit: 100 });
      if (messages.length === 0) return log;
      for (const { data, meta } of messages) {
        log.push({ offset: meta.offset, text: (data as { readonly text: string }).text });
      }
    }
  }
}
