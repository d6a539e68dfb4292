import { LongwaveError, type Position, breakOf } from '@longwave/protocol';
import type { Subscription } from 'longwave/client';
import type { ClientsConfig } from '../processes/messages.js';
import type { Collector } from './collector.js';
import { type User, dial } from './dial.js';

const postEveryMs = 250;
/** A node may be behind the store for a moment (LMDB). */
const knownAfterMs = 1000;

interface Taken {
  /** The message whose data was taken. */
  readonly target: Position;
  /** The redaction. */
  readonly position: Position;
}

/**
 * One who posts to a forum and takes back every other message, and one who reads it. Where a redaction was acknowledged nobody who reads
 * later is given the data (RED-1), and whoever has the message is told (RED-2).
 */
export class Forum {
  readonly #collector: Collector;
  readonly #channel: `forum/${string}`;
  readonly #author: User;
  readonly #reader: User;
  readonly #subscription: Subscription<unknown>;
  /** Offsets of the messages that the reader shows with their data. */
  readonly #shown = new Set<number>();
  readonly #pending = new Set<string>();
  readonly #taken: Taken[] = [];
  #timer: NodeJS.Timeout | undefined;
  #posts = 0;

  constructor(config: ClientsConfig, collector: Collector) {
    this.#collector = collector;
    this.#channel = `forum/f${config.index}`;
    this.#author = dial(config, collector, `author${config.index}`, 'websocket').client;
    this.#reader = dial(config, collector, `reader${config.index}`, 'auto').client;
    this.#subscription = this.#reader.channel(this.#channel).subscribe(
      {
        from: 'start',
        onReset: () => this.#shown.clear(),
        onRedact: ({ target }) => this.#shown.delete(target.offset),
      },
      (_data, { offset, redacted }) => {
        if (!redacted) this.#shown.add(offset);
      },
    );
    this.#subscription.ready.catch(() => undefined);
  }

  /** Posts and redactions that are not answered. */
  get pending(): ReadonlySet<string> {
    return this.#pending;
  }

  start(): void {
    this.#timer = setInterval(() => void this.#post(++this.#posts), postEveryMs);
  }

  stop(): void {
    clearInterval(this.#timer);
  }

  close(): void {
    this.#author.close();
    this.#reader.close();
  }

  /** Messages that the reader shows although it is past their redaction, or before it. */
  unsettled(): string[] {
    const { position } = this.#subscription;
    const due = this.#taken.filter((taken) => position && !breakOf(taken.position, { epoch: position.epoch }));
    const behind = due.filter((taken) => taken.position.offset > position!.offset);
    const stale = due.filter(({ target }) => this.#shown.has(target.offset));
    const told = (what: string, all: readonly Taken[]): string[] =>
      all.length > 0 ? [`${this.#channel} ${what} ${all.map(({ target }) => target.offset).join()}`] : [];
    return [...told('is not told of the redaction of', behind), ...told('shows what was redacted:', stale)];
  }

  async #post(n: number): Promise<void> {
    const room = this.#author.channel(this.#channel);
    const posted = await this.#answered(`${this.#channel} ${n}`, room.publish({ n, text: `secret ${n}` }));
    if (!posted || n % 2 === 0) return;
    const target = posted.position;
    const redacted = await this.#answered(`${this.#channel} redaction of ${n}`, room.redact(target));
    if (!redacted) return;
    const taken = { target, position: redacted.position };
    this.#taken.push(taken);
    await new Promise((resolve) => setTimeout(resolve, knownAfterMs));
    await this.#readAgain(taken);
  }

  async #answered<T>(key: string, answer: Promise<T>): Promise<T | undefined> {
    const collector = this.#collector;
    this.#pending.add(key);
    collector.inflight++;
    try {
      return await answer;
    } catch (error) {
      collector.count('rejected', error instanceof LongwaveError ? error.code : (error as Error).name);
      return undefined;
    } finally {
      this.#pending.delete(key);
      collector.inflight--;
    }
  }

  /** A read that begins after the redaction. A failure meanwhile is no news of it. */
  async #readAgain({ target, position }: Taken): Promise<void> {
    if (this.#reader.state.status === 'closed') return;
    try {
      const { offset } = target;
      const page = await this.#reader.channel(this.#channel).history({ after: offset - 1, limit: 1 });
      const [message] = page.messages;
      // A store that lost the end of its log says so by the epoch.
      if (breakOf(position, { epoch: page.epoch, top: page.top })) return;
      if (message?.meta.offset !== offset || message.meta.redacted) return;
      const what = `the data of ${offset} is given though it was taken at ${position.offset}`;
      this.#collector.violations.report('unredacted', this.#channel, what);
    } catch {}
  }
}
