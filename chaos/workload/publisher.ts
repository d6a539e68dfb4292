import { LongwaveError } from 'longwave';
import { type Payload, codeOf } from '../checker/message-code.js';
import { type ClientsConfig, sharedNow } from '../processes/messages.js';
import type { Collector } from './collector.js';
import type { Told } from './contract.js';
import { type User, dial } from './dial.js';

/** Publishes of one client that are not answered; beyond it, it waits. */
const inflightLimit = 64;
/** One of so many messages carries its time of publishing. */
const stampEvery = 16;
const tickMs = 10;
const quietEveryMs = 3000;
const guardedEveryMs = 200;
const tellEveryMs = 250;

/** One client that publishes as fast as it is meant to, and knows what became of each message. */
export class Publisher {
  readonly #config: ClientsConfig;
  readonly #collector: Collector;
  /** Unique over all processes. */
  readonly #number: number;
  readonly #client: User;
  readonly #counters = new Map<string, number>();
  readonly #pending = new Set<string>();
  readonly #timers: NodeJS.Timeout[] = [];
  #due = 0;
  #serial = 0;
  #telling = false;

  constructor(config: ClientsConfig, collector: Collector, index: number) {
    this.#config = config;
    this.#collector = collector;
    this.#number = config.index * (config.publishers + 1) + index;
    this.#serial = index * 7;
    // Among eight publishers one streams and one polls.
    const transport = index % 8 === 2 ? 'stream' : index % 8 === 3 ? 'poll' : 'websocket';
    this.#client = dial(config, collector, `publisher${this.#number}`, transport).client;
  }

  /** Publishes that are not answered yet. */
  get pending(): ReadonlySet<string> {
    return this.#pending;
  }

  start(): void {
    const { rate, publishers } = this.#config;
    let last = sharedNow();
    this.#timers.push(
      setInterval(() => {
        const now = sharedNow();
        // After a standstill it does not make up for all that it missed.
        this.#due = Math.min(this.#due + ((now - last) * rate) / publishers / 1000, 100);
        last = now;
        for (; this.#due >= 1 && this.#pending.size < inflightLimit; this.#due--) this.#publishNext();
      }, tickMs),
    );
  }

  /** The one who says what has to be heard in time: it does nothing else, and waits for nobody. */
  startHerald(): void {
    const { layout } = this.#collector;
    this.#every(quietEveryMs, () => {
      for (const channel of layout.quiet) this.#publish(channel, true);
    });
    this.#every(guardedEveryMs, () => {
      for (const channel of layout.guarded) this.#publish(channel, true);
    });
    this.#every(tellEveryMs, () => void this.#tell(layout.users[this.#serial++ % layout.users.length]!));
  }

  stop(): void {
    for (const timer of this.#timers) clearInterval(timer);
  }

  close(): void {
    this.#client.close();
  }

  #every(ms: number, work: () => void): void {
    this.#timers.push(setInterval(work, ms));
  }

  #publishNext(): void {
    const { hot, slow } = this.#collector.layout;
    const serial = this.#serial++;
    // Nine of ten go to the hot channels.
    this.#publish(serial % 10 === 9 ? slow[Math.floor(serial / 10) % slow.length]! : hot[serial % hot.length]!);
  }

  #publish(channel: string, stamped = false): void {
    const collector = this.#collector;
    const payload = this.#next(channel, stamped);
    const key = `${channel} ${payload.n}`;
    this.#begin(key);
    this.#client
      .channel(channel as `log/${string}`)
      .publish(payload)
      .then(
        ({ position, durability }) => {
          collector.interval.acked++;
          collector.checkLevel(durability, channel);
          collector.book(channel).noteAcked(position, codeOf(payload));
          if (payload.t !== undefined) collector.latency('ackLatencies', sharedNow() - payload.t);
        },
        (error: unknown) =>
          collector.count('rejected', error instanceof LongwaveError ? error.code : (error as Error).name),
      )
      .finally(() => this.#end(key));
  }

  #next(channel: string, stamped: boolean): Payload {
    const n = (this.#counters.get(channel) ?? 0) + 1;
    this.#counters.set(channel, n);
    const p = this.#collector.layout.streamOf(this.#number, channel);
    return stamped || n % stampEvery === 0 ? { p, n, t: Math.round(sharedNow()) } : { p, n };
  }

  /** A message to a user, asked for by a call, which is not repeated by itself: until it is answered, under one id. */
  async #tell(user: string): Promise<void> {
    if (this.#telling) return;
    this.#telling = true;
    const channel = `inbox/${user}`;
    const data = this.#next(channel, true);
    const key = `${channel} ${data.n}`;
    this.#begin(key);
    for (let attempt = 1; ; attempt++) {
      try {
        const input = { to: user, data, id: `${data.p}/${data.n}`, attempt };
        const told = (await this.#client.call('tell', input, { timeout: 5000 })) as Told;
        this.#collector.book(channel).noteAcked(told, codeOf(data));
        this.#collector.interval.acked++;
        break;
      } catch (error) {
        const code = error instanceof LongwaveError ? error.code : 'internal';
        if (code === 'closed' || code === 'too-old') {
          this.#collector.count('rejected', code);
          break;
        }
        await new Promise((resolve) => setTimeout(resolve, 100));
      }
    }
    this.#end(key);
    this.#telling = false;
  }

  #begin(key: string): void {
    this.#pending.add(key);
    this.#collector.inflight++;
    this.#collector.interval.published++;
  }

  #end(key: string): void {
    this.#pending.delete(key);
    this.#collector.inflight--;
  }
}
