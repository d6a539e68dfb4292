import { type RoomEngine, maxRelayBytes } from '@longwave/core';
import { Bytes, BytesReader } from '../snapshot/bytes.js';
import { type Item, readItem, writeItem } from './items.js';

/** A message goes when it is so long. One more item is in it by then, so this is well below the bound of the relay. */
const fullBytes = 64 * 1024;
/** A node that others use, or that uses others, says something so often. */
const aliveMs = 100;
const lookMs = 50;
/** A node that says nothing for so long is taken for gone: its rooms go on elsewhere. */
const silentMs = 350;
/** So long it is asked nothing. */
const goneMs = 2000;
const maxNodeName = 256;

export interface MailOptions {
  readonly engine: Pick<RoomEngine, 'node' | 'relay' | 'clock' | 'timers' | 'logger'>;
  readonly onItem: (from: string, item: Item) => void;
  /** A node that is used says nothing any more. */
  readonly onSilent: (node: string) => void;
}

/** Another node, as long as it is used. */
interface Neighbour {
  /** Rooms of it that are watched here, and those who watch ours there. */
  uses: number;
  heardAt: number;
  saidAt: number;
}

function topicOf(node: string): string {
  return `rooms/${node}`;
}

/** Talks with the other nodes about rooms. All that one turn has for a node goes as one message. */
export class Mail {
  readonly #options: MailOptions;
  readonly #gathered = new Map<string, Bytes>();
  readonly #neighbours = new Map<string, Neighbour>();
  /** Nodes that were taken for gone, and when. */
  readonly #silent = new Map<string, number>();
  #stop: (() => void) | undefined;
  #isTicking = false;
  #tickedAt = 0;
  #isDue = false;
  #closed = false;

  constructor(options: MailOptions) {
    this.#options = options;
  }

  /** Listens from now on. Rejects with what the store failed with. */
  async open(): Promise<void> {
    const { relay, node } = this.#options.engine;
    const stop = await relay!.listen(topicOf(node), (data) => this.#hear(data));
    if (this.#closed) stop();
    else this.#stop = stop;
  }

  close(): void {
    this.#flush();
    this.#closed = true;
    this.#stop?.();
  }

  post(to: string, item: Item): void {
    if (this.#closed) return;
    const bytes = this.#bytesFor(to);
    writeItem(bytes, item);
    if (bytes.length >= fullBytes) this.#send(to, bytes);
  }

  /** Whether the node was taken for gone a moment ago, and has not been heard of since: to ask it would take time. */
  isSilent(node: string): boolean {
    const at = this.#silent.get(node);
    if (at === undefined) return false;
    if (Math.abs(this.#options.engine.clock.now() - at) < goneMs) return true;
    this.#silent.delete(node);
    return false;
  }

  /** The node is used from now on, once more, and must say something now and then. */
  use(node: string): void {
    const { clock } = this.#options.engine;
    const known = this.#neighbours.get(node);
    if (known) known.uses++;
    else this.#neighbours.set(node, { uses: 1, heardAt: clock.now(), saidAt: clock.now() });
    this.#tick();
  }

  letGo(node: string): void {
    const known = this.#neighbours.get(node);
    if (known && --known.uses <= 0) this.#neighbours.delete(node);
  }

  #bytesFor(to: string): Bytes {
    let bytes = this.#gathered.get(to);
    if (!bytes) this.#gathered.set(to, (bytes = new Bytes()));
    if (bytes.length === 0) bytes.text(this.#options.engine.node);
    if (!this.#isDue) {
      this.#isDue = true;
      this.#options.engine.clock.defer(() => this.#flush());
    }
    return bytes;
  }

  #flush(): void {
    this.#isDue = false;
    for (const [to, bytes] of this.#gathered) {
      if (bytes.length > 0) this.#send(to, bytes);
      else if (!this.#neighbours.has(to)) this.#gathered.delete(to);
    }
  }

  #send(to: string, bytes: Bytes): void {
    const { relay, clock, logger } = this.#options.engine;
    const known = this.#neighbours.get(to);
    if (known) known.saidAt = clock.now();
    if (bytes.length > maxRelayBytes) {
      logger.error(`A room is too large to be shown on another node: ${bytes.length} bytes were left out.`);
    } else relay!.send(topicOf(to), bytes.copy());
    bytes.clear();
  }

  #hear(data: Uint8Array): void {
    const { engine, onItem } = this.#options;
    if (this.#closed) return;
    try {
      const reader = new BytesReader(data);
      const from = reader.text(maxNodeName);
      if (from === engine.node) return;
      this.#silent.delete(from);
      const known = this.#neighbours.get(from);
      if (known) known.heardAt = engine.clock.now();
      while (reader.left > 0) onItem(from, readItem(reader));
    } catch (error) {
      engine.logger.error('What another node said of a room could not be done.', error);
    }
  }

  #tick(): void {
    if (this.#isTicking || this.#closed) return;
    this.#isTicking = true;
    this.#tickedAt = this.#options.engine.clock.now();
    this.#options.engine.timers.after(lookMs, () => {
      this.#isTicking = false;
      this.#look();
      if (this.#neighbours.size > 0) this.#tick();
    });
  }

  #look(): void {
    const { engine, onSilent } = this.#options;
    const now = engine.clock.now();
    // This node stood still: what others said meanwhile is not read yet.
    const stoodStill = now - this.#tickedAt > silentMs / 2 || now < this.#tickedAt;
    for (const [node, known] of this.#neighbours) {
      if (now - known.saidAt >= aliveMs) this.post(node, { kind: 'alive' });
      if (stoodStill) known.heardAt = now;
      else if (now - known.heardAt > silentMs) {
        this.#silent.set(node, now);
        this.#neighbours.delete(node);
        onSilent(node);
      }
    }
  }
}
