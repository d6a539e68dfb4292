/** A function that stores a message and resolves with its offset. */
export type Publish = (data: readonly [publisher: string, seq: number]) => Promise<{ position: { offset: number } }>;

/** How far a publisher may be ahead of the reader: what a switch finds missing, and no more than a busy machine takes. */
const maxAhead = 6;

/** Publishes in order, a few at a time, until it is stopped. */
export class Publisher {
  readonly name: string;
  /** The offset that each publish was acknowledged with, by its sequence. */
  readonly acks = new Map<number, number>();
  readonly #publish: Publish;
  #published = 0;
  #read = 0;
  #stopped = false;
  #goOn = (): void => undefined;
  readonly #done: Promise<void>;

  constructor(name: string, publish: Publish) {
    this.name = name;
    this.#publish = publish;
    this.#done = this.#run();
  }

  /** The reader got one of it. */
  onRead(): void {
    this.#read++;
    this.#goOn();
  }

  /** Resolves with how many it published, when all are acknowledged. */
  async stop(): Promise<number> {
    this.#stopped = true;
    this.#goOn();
    await this.#done;
    return this.#published;
  }

  async #run(): Promise<void> {
    while (!this.#stopped) {
      const seqs = Array.from({ length: maxAhead / 2 }, () => ++this.#published);
      const stored = await Promise.all(seqs.map((seq) => this.#publish([this.name, seq])));
      for (const [i, { position }] of stored.entries()) this.acks.set(seqs[i]!, position.offset);
      while (!this.#stopped && this.#published - this.#read > maxAhead / 2) {
        await new Promise<void>((resolve) => (this.#goOn = resolve));
      }
    }
  }
}
