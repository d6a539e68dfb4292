import type { ClientOptions } from '@longwave/client';
import { type ConnectionInfo, Engine, MemoryStore, type Session, type Sink, type Store } from '@longwave/core';
import { type Channels, LongwaveError, defineChannels, doc } from '@longwave/protocol';
import { facade } from '@longwave/testkit';
import { FakeNetwork, Host, type Listener, Random, VirtualClock, exact } from '@longwave/testkit/virtual';
import * as Y from 'yjs';
import { type BindOptions, type Binding, bind } from '../client/bind.js';
import type { DocumentChannel } from '../client/document-channel.js';
import { Assembler } from '../format/assembler.js';
import { inlineFormat } from './inline-format.js';
import { rewoundStore } from './rewound-store.js';
import { type WorldClient, connectTo } from './world-client.js';

const documentName = 'doc/x';
const definition = doc({ maxBytes: 8 * 1024 * 1024 });
const channels = defineChannels({ 'doc/:id': definition });

export interface WorldOptions {
  readonly seed?: string | number;
  readonly nodes?: number;
  readonly latencyMs?: number;
  readonly channels?: Channels;
  /** Default: everybody may do everything. */
  readonly authorize?: (user: string | undefined, action: string) => boolean;
}

type WorldTrouble = 'reads' | 'appends';

/** Somebody who works on a document, with a client of their own. */
export interface Writer extends WorldClient {
  readonly channel: DocumentChannel;
  readonly ydoc: Y.Doc;
  readonly text: Y.Text;
  readonly binding: Binding;
}

interface WriterOptions extends BindOptions {
  readonly user?: string;
  readonly ydoc?: Y.Doc;
  readonly client?: Omit<ClientOptions, 'random'>;
}

/** A server and its clients under a clock that the test moves. The store outlives the nodes. */
export class DocumentWorld {
  readonly clock: VirtualClock;
  readonly failures: unknown[] = [];
  /** The store does not answer: what the nodes say of it is no failure of the world. */
  trouble: WorldTrouble | undefined;
  readonly nodes: WorldNode[];
  readonly #random: Random;
  readonly #network: FakeNetwork;
  readonly #own: Host;
  readonly #options: WorldOptions;
  #store: Store;
  #clients = 0;

  constructor(options: WorldOptions = {}) {
    const { seed = 1, latencyMs = 0, nodes = 1 } = options;
    this.#options = options;
    this.#random = new Random(seed);
    let planned = 0;
    this.clock = new VirtualClock({ next: () => planned++ });
    this.#own = new Host('world', this.clock, this.#random.stream('world'), exact);
    this.#network = new FakeNetwork({
      ...{ clock: this.clock, random: this.#random.stream('network'), latencyMs, jitterMs: 0, exact: true },
      ...{ bufferBytes: 1024 * 1024, onMisuse: (what) => this.fail(new Error(what)) },
      listeners: () => this.nodes,
    });
    this.#store = this.#emptyStore();
    this.nodes = Array.from(
      { length: nodes },
      (_, i) => new WorldNode(`node-${i}`, (label) => this.#startEngine(label)),
    );
  }

  readonly fail = (error: unknown): void => {
    this.failures.push(error);
  };

  /** Somebody with a `Y.Doc` of their own, bound to the document. */
  join({ user, client: more, ydoc = new Y.Doc(), ...bindOptions }: WriterOptions = {}): Writer {
    const name = `client-${this.#clients++}`;
    const random = this.#random.stream(name);
    ydoc.clientID = 1 + random.below(2 ** 31);
    const host = new Host(name, this.clock, random.stream('host'), exact);
    const token = user === undefined ? {} : { token: user };
    const options = { ...more, ...token, random, reportError: this.fail };
    const { client, ...access } = connectTo(this.#network, host, options);
    const channel = client.channel(documentName) as DocumentChannel;
    const binding = bind(channel, ydoc, { clock: host.clientClock, ...bindOptions });
    return { client, channel, ydoc, text: ydoc.getText('t'), binding, ...access };
  }

  get store(): Store {
    return this.#store;
  }

  get engine(): Engine {
    return this.nodes[0]!.engine;
  }

  async compact(): Promise<void> {
    await this.engine.documents.compact(documentName);
  }

  /** All nodes are killed, and started anew. */
  restart(): void {
    for (const node of this.nodes) node.stop();
    for (const node of this.nodes) node.start();
  }

  /** The same, and the store has lost all that it had. */
  loseStore(): void {
    for (const node of this.nodes) node.stop();
    this.#store = this.#emptyStore();
    for (const node of this.nodes) node.start();
  }

  /** The same, and the store has lost its last operations. */
  async rewindStore(by: number): Promise<void> {
    for (const node of this.nodes) node.stop();
    const { top } = await this.#store.bounds(documentName);
    const options = { clock: this.#own.clientClock, makeId: () => this.#random.id() };
    this.#store = await rewoundStore(this.#store, documentName, top - by, definition.retain, options);
    for (const node of this.nodes) node.start();
  }

  /** The document as somebody sees it who opens it now. */
  async stored(): Promise<Y.Doc> {
    const ydoc = new Y.Doc();
    const assembler = new Assembler();
    for (const payload of await this.payloads()) {
      for (const update of assembler.take(payload)) Y.applyUpdate(ydoc, update);
    }
    return ydoc;
  }

  async payloads(): Promise<Uint8Array[]> {
    const { ops } = await this.#store.read(documentName, { after: 0, limit: 100_000 });
    return ops.map(({ payload }) => payload as Uint8Array);
  }

  async storedBytes(): Promise<number> {
    return (await this.payloads()).reduce((sum, { length }) => sum + length, 0);
  }

  /** Until nothing is under way; time does not pass. */
  async settle(): Promise<void> {
    await this.#run(() => this.clock.underWay > 0 || this.clock.isDue(this.clock.time), Infinity);
  }

  async advance(byMs: number): Promise<void> {
    const end = this.clock.time + byMs;
    await this.#run(() => this.clock.isDue(end), end);
    this.clock.time = end;
    await nextTurn();
  }

  async #run(goesOn: () => boolean, end: number): Promise<void> {
    await nextTurn();
    while (goesOn()) {
      this.clock.step(end);
      await nextTurn();
    }
    if (this.failures.length > 0) throw new AggregateError(this.failures.splice(0), 'Something failed in the world.');
  }

  async #unless<T>(trouble: WorldTrouble, work: () => T): Promise<Awaited<T>> {
    if (this.trouble === trouble) throw new LongwaveError('unavailable', `No ${trouble} for now.`);
    return await work();
  }

  #emptyStore(): MemoryStore {
    return new MemoryStore({ clock: this.#own.clientClock, makeId: () => this.#random.id() });
  }

  #startEngine(label: string): Running {
    const random = this.#random.stream(label);
    const host = new Host(label, this.clock, random, exact);
    const store = this.#store;
    const { authorize, channels: contract = channels } = this.#options;
    const engine = new Engine({
      channels: contract,
      documents: inlineFormat,
      store: facade(store, {
        append: (...args) => this.#unless('appends', () => store.append(...args)),
        read: (...args) => this.#unless('reads', () => store.read(...args)),
        watch: (channel, watcher) =>
          store.watch(channel, {
            announce: (epoch, op) => host.run(() => watcher.announce(epoch, op)),
            learn: (bounds) => host.run(() => watcher.learn(bounds)),
          }),
      }),
      clock: host.serverClock,
      random: () => random.next(),
      makeId: () => random.id(),
      digest: (text) => new Random(text).id(),
      logger: {
        error: (message, cause) => this.trouble ?? this.fail(new Error(message, { cause })),
        info: () => undefined,
      },
      authority: {
        authenticate: (token) => {
          if (token === 'expired') throw new LongwaveError('unauthenticated');
          return token === undefined ? {} : { user: token };
        },
        authorize: ({ user, action }) => authorize?.(user, action) ?? true,
      },
      cluster: { label },
    });
    const stop = (): void => {
      host.stop();
      this.#network.breakAll(host, 'cut');
    };
    return { engine, host, stop };
  }
}

interface Running {
  readonly engine: Engine;
  readonly host: Host;
  readonly stop: () => void;
}

/** One node, killed and started as the test likes. */
class WorldNode implements Listener {
  readonly #start: (label: string) => Running;
  readonly #name: string;
  #starts = 0;
  #running!: Running;
  reachable: 'up' | 'refusing' = 'up';

  constructor(name: string, start: (label: string) => Running) {
    this.#name = name;
    this.#start = start;
    this.start();
  }

  get host(): Host {
    return this.#running.host;
  }

  get engine(): Engine {
    return this.#running.engine;
  }

  accept(sink: Sink, info: ConnectionInfo): Session {
    return this.engine.accept(sink, info);
  }

  stop(): void {
    this.reachable = 'refusing';
    this.#running.stop();
  }

  start(): void {
    this.#running = this.#start(`${this.#name}.${this.#starts++}`);
    this.reachable = 'up';
  }
}

/** Resolves when every promise that could go on has gone on. */
function nextTurn(): Promise<void> {
  return new Promise((resolve) => setImmediate(resolve));
}

export function textOf({ text }: Pick<Writer, 'text'>): string {
  return text.toJSON();
}
