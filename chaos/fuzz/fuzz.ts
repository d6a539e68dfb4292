import { Engine, type LinkKind, MemoryStore, PollLink } from '@longwave/core';
import {
  type ClientFrame,
  type CodecName,
  type Encoded,
  LongwaveError,
  type ServerFrame,
  base64Encode,
  createClientCodec,
  utf8Encode,
} from '@longwave/protocol';
import { Random } from '@longwave/testkit/virtual';
import { FuzzDocuments, calls, channels, createRooms, documentNames } from './contract.js';
import { FuzzClock, FuzzLink, eventWires, pollWires, wires } from './fuzz-link.js';
import { HostileFrames, marks, serverFrames } from './hostile-frames.js';
import { leb128 } from './leb128.js';
import { mutateBytes, mutateText } from './mutate.js';
import { DocumentReader, watched } from './watchers.js';

export interface FuzzOptions {
  readonly seed: number;
  readonly inputs: number;
  /** Bytes in use, after garbage was collected. Without it memory is not looked at. */
  readonly heapBytes?: () => number;
  /** Called after each batch with the number of inputs so far and all failures. */
  readonly onProgress?: (done: number, failures: readonly string[]) => void;
}

export interface FuzzResult {
  readonly inputs: number;
  /** Failures, each with the input that caused it. Empty: nothing did. */
  readonly failures: readonly string[];
  /** Inputs that had a frame of this type and codec in them, as `json/subscribe`; of the server as `json/server/ack`. */
  readonly covered: ReadonlyMap<string, number>;
  /** How often somebody was served, and heard of it. */
  readonly served: number;
  /** Frames that the engine took, and operations that it delivered. */
  readonly taken: number;
  readonly delivered: number;
  /** Acts that came through to the end, by their name: inputs that were no mere refusals. */
  readonly acts: Readonly<Record<Act, number>>;
  /** Bytes in use at the end above those after the first tenth. */
  readonly grownBytes: number;
}

/** A watcher applied an update, a document was compacted, an input of a player counted, a watcher got a snapshot or was told of a redaction. */
type Act = 'update' | 'compaction' | 'input' | 'snapshot' | 'redaction';

const users: ReadonlySet<string> = new Set(['ada', 'bob', 'watcher']);
/** Tokens of peers that are sometimes admitted later. */
const isSlow = (token: string | undefined): boolean => token === 'ada' || token === 'bob' || token === 'bad';

/** Larger than what a message may be by default, so that 100,000 levels fit in. */
const messageBytes = 256 * 1024;
const maxSessions = 40;
/** Inputs between two turns of the event loop, and between two looks whether an honest client is served. */
const batch = 200;
const servedEvery = 20_000;
/** Bytes of a document at which the harness empties it: it would refuse all updates otherwise. */
const fullBytes = 50_000;
/** Bytes that the engine and its sessions may hold at the end beyond those after a tenth of the inputs. */
const maxGrownBytes = 32 * 1024 * 1024;
/** A message of a document that changes nothing. */
const emptyUpdate = Uint8Array.of(0, 0, 0);

/**
 * Gives an engine messages of peers with every frame of both codecs: valid, mutated, truncated, deep and with odd numbers,
 * before, during and after authentication, while others watch a channel of each mode, with views, apply the updates of
 * documents and play in a room. Failures are an exception out of `receive`, a flush or a timer, a line in the log, a watcher
 * that cannot read what it gets, an honest client that is not served, and memory that grows.
 */
export function fuzz(options: FuzzOptions): Promise<FuzzResult> {
  return new Fuzz(options).run();
}

class Fuzz {
  readonly #random: Random;
  readonly #frames: HostileFrames;
  readonly #clock = new FuzzClock();
  readonly #engine: Engine;
  readonly #links: FuzzLink[] = [];
  readonly #failures: string[] = [];
  readonly #covered = new Map<string, number>();
  readonly #clients = { json: createClientCodec('json'), binary: createClientCodec('binary') } as const;
  readonly #documents = new FuzzDocuments();
  readonly #acts: Record<Act, number> = { update: 0, compaction: 0, input: 0, snapshot: 0, redaction: 0 };
  readonly #readers: DocumentReader[] = [];
  readonly #options: FuzzOptions;
  readonly #store: MemoryStore;
  #last: Encoded = '';
  #served = 0;
  #nonce = 0;
  #honest!: FuzzLink;
  #heard = new Set<string>();

  constructor(options: FuzzOptions) {
    this.#options = options;
    const random = (this.#random = new Random(options.seed));
    this.#frames = new HostileFrames(random.stream('frames'));
    const ids = random.stream('ids');
    const makeId = (): string => ids.id();
    const store = (this.#store = new MemoryStore({ clock: this.#clock, makeId, maxLogs: 200, maxProducers: 200 }));
    this.#frames.epoch = store.epoch;
    this.#engine = new Engine({
      ...{ channels, calls, store, clock: this.#clock, makeId, random: () => random.next() },
      documents: this.#documents,
      rooms: createRooms(() => this.#acts.input++),
      digest: (text) => text.slice(0, 40),
      logger: {
        error: (message, cause) => this.#fail(`logged: ${message}`, cause),
        warn: (message, cause) => this.#fail(`logged: ${message}`, cause),
        info: () => undefined,
      },
      authority: {
        authenticate: (token) => (isSlow(token) && random.chance(0.3) ? afterwards(() => admit(token)) : admit(token)),
        // Rights that come and go: subscriptions and memberships are revoked, views imposed.
        authorize: ({ action, channel }) => {
          if (channel === 'honest') return true;
          if (action !== 'publish' && random.chance(0.03)) return false;
          if (action === 'redact') return random.chance(0.8) ? { anyAuthor: true } : true;
          if (random.chance(0.03)) return afterwards(() => true);
          return channel === 'map' && random.chance(0.2) ? { view: { where: { status: 'free' } } } : true;
        },
      },
      limits: {
        ...{ messageBytes, framesPerSecond: 1e9, userFramesPerSecond: 1e9, rememberedPeers: 100 },
        ...{ subscriptions: 20, chunkBytes: 2048, tailBytes: 16 * 1024 },
      },
      heartbeatMs: 10_000,
    });
    this.#connectHonest();
    for (const codec of ['json', 'binary'] as const) this.#connectWatcher(codec);
  }

  async run(): Promise<FuzzResult> {
    const { inputs, heapBytes, onProgress } = this.#options;
    let baseBytes = 0;
    for (let done = 1; done <= inputs && this.#failures.length < 20; done++) {
      this.#attempt(() => this.#input());
      if (done % batch === 0) {
        await this.#turn();
        onProgress?.(done, this.#failures);
      }
      if (done % servedEvery === 0) this.#attempt(() => this.#serve());
      if (heapBytes && done === Math.ceil(inputs / 10)) baseBytes = heapBytes();
    }
    await this.#turn();
    this.#attempt(() => this.#serve());
    await this.#turn();
    const grownBytes = heapBytes ? heapBytes() - baseBytes : 0;
    if (grownBytes > maxGrownBytes) this.#fail(`memory grew by ${grownBytes} bytes`, undefined);
    this.#documents.close();
    this.#acts.compaction = this.#documents.compactions;
    const { framesReceived: taken, delivered } = this.#engine.stats;
    return {
      ...{ inputs, failures: this.#failures, covered: this.#covered, acts: this.#acts },
      ...{ served: this.#served, taken, delivered, grownBytes },
    };
  }

  #attempt(work: () => void): void {
    try {
      work();
    } catch (error) {
      this.#fail('thrown', error);
    }
  }

  #fail(what: string, cause: unknown): void {
    const input = typeof this.#last === 'string' ? this.#last : Buffer.from(this.#last).toString('hex');
    const why = cause instanceof Error ? (cause.stack ?? cause.message) : String(cause);
    this.#failures.push(`${what}: ${why}\n  on ${input.slice(0, 500)}`);
  }

  #count(what: string): void {
    this.#covered.set(what, (this.#covered.get(what) ?? 0) + 1);
  }

  /** One message of a peer, or now and then one of a server. */
  #input(): void {
    const random = this.#random;
    if (random.chance(0.05)) return this.#serverInput();
    const link = this.#pickLink();
    if (random.chance(0.02)) link.room = random.below(4000);
    else if (link.room !== Infinity && random.chance(0.2)) {
      link.room = Infinity;
      link.session.drained();
    }
    this.#last = this.#message(link.codec);
    link.session.receive(this.#last);
    if (!link.closed && !random.chance(0.002)) return;
    link.session.closed();
    this.#links.splice(this.#links.indexOf(link), 1);
  }

  /** A message of a server, whole or not: a client's codec must bear it. */
  #serverInput(): void {
    const random = this.#random;
    const name: CodecName = random.chance(0.5) ? 'json' : 'binary';
    const types = Object.keys(serverFrames) as ServerFrame['type'][];
    const type = random.pick(types);
    this.#count(`${name}/server/${type}`);
    const encoded = wires[name].codec.encode(serverFrames[type]);
    this.#last = random.chance(0.2) ? encoded : mutate(encoded, random);
    this.#clients[name].decode(this.#last);
  }

  #pickLink(): FuzzLink {
    const random = this.#random;
    if (this.#links.length >= maxSessions || (this.#links.length > 0 && random.chance(0.9)))
      return random.pick(this.#links);
    const codec: CodecName = random.chance(0.5) ? 'json' : 'binary';
    const kind = random.pick<LinkKind | 'poll'>(['duplex', 'duplex', 'duplex', 'downstream', 'upstream', 'poll']);
    const link =
      kind === 'poll'
        ? this.#openPoll(codec)
        : this.#open(new FuzzLink(kind === 'duplex' ? wires[codec] : eventWires[codec], kind));
    this.#links.push(link);
    // Some say something else first, and are ended.
    if (random.chance(0.9)) this.#say(link, ...this.#opening());
    return link;
  }

  /** As a client begins, some of them as players. */
  #opening(): readonly ClientFrame[] {
    const random = this.#random;
    const token = ['ada', 'bob'][random.below(3)];
    const connect: ClientFrame = { type: 'connect', version: 1, client: `c${random.below(30)}`, token };
    if (random.chance(0.6)) return [connect];
    const channel = random.pick(['arena/a', 'hall/a']);
    return [connect, { type: 'subscribe', id: 1, channel }, { type: 'enter', id: 2, channel, data: {} }];
  }

  #open(link: FuzzLink): FuzzLink {
    link.session = this.#engine.accept(link, { transport: 'fuzz', headers: {} });
    return link;
  }

  #openPoll(codec: CodecName): FuzzLink {
    const random = this.#random;
    const link = new FuzzLink(eventWires[codec], 'downstream');
    const answer = (chunks: readonly Encoded[]): void => {
      for (const chunk of chunks) link.write(typeof chunk === 'string' ? utf8Encode(chunk) : chunk);
      link.close();
    };
    const options = { holdMs: random.below(500), atOnce: random.chance(0.3) };
    const poll = new PollLink(pollWires[codec], options, { answer });
    link.session = poll.session = this.#engine.accept(poll, { transport: 'fuzz', headers: {} });
    return link;
  }

  #say(link: FuzzLink, ...frames: readonly ClientFrame[]): void {
    const codec = this.#clients[link.codec];
    link.session.receive(codec.join(frames.map((frame) => codec.encode(frame))));
  }

  #message(name: CodecName): Encoded {
    const random = this.#random;
    const parts: Encoded[] = [];
    for (let count = random.chance(0.8) ? 1 : 1 + random.below(4); count > 0; count--) {
      const type = random.chance(0.2) ? 'publish' : random.pick(this.#frames.types);
      const part = this.#encode(name, this.#frames.make(type));
      if (part === undefined) continue;
      this.#count(`${name}/${type}`);
      parts.push(part);
    }
    const message = this.#clients[name].join(parts);
    return random.chance(0.35) ? mutate(message, random) : message;
  }

  /** As a peer writes it that holds itself to nothing. Undefined: the codec has no form of it at all. */
  #encode(name: CodecName, frame: Record<string, unknown>): Encoded | undefined {
    const { data, ...others } = frame;
    const line = (): string =>
      JSON.stringify(data instanceof Uint8Array ? { ...others, bytes: base64Encode(data) } : frame)
        .replaceAll(`"${marks.deep}"`, () => this.#frames.nested())
        .replaceAll(`"${marks.huge}"`, () => this.#frames.hugeNumber());
    if (name === 'json') return line();
    try {
      const encoded = this.#clients.binary.encode(frame as unknown as ClientFrame) as Uint8Array;
      return this.#fillIn(encoded);
    } catch {
      // A field of another kind than the binary codec can write: its bytes are made up.
      return Uint8Array.from([this.#random.below(40), this.#random.below(50), ...utf8Encode(line().slice(0, 100))]);
    }
  }

  /** Puts deep JSON in the place of a mark, which is the last text of the frame, lengths made right. */
  #fillIn(frame: Uint8Array): Uint8Array {
    const bytes = Buffer.from(frame);
    const mark = `"${marks.deep}"`;
    const at = bytes.indexOf(mark);
    // The whole text is the mark: its length stands in front of it.
    if (at < 1 || bytes[at - 1] !== mark.length) return frame;
    const text = this.#frames.nested();
    const start = frameStart(bytes);
    const rest = bytes.subarray(at + mark.length);
    const body = Buffer.concat([bytes.subarray(start, at - 1), leb128(text.length), Buffer.from(text), rest]);
    return Uint8Array.from(Buffer.concat([leb128(body.length), body]));
  }

  /** Another turn of the event loop. Nothing is under way when it is over, so that a seed gives the same run. */
  async #turn(): Promise<void> {
    this.#attempt(() => this.#flush());
    await reactions();
    await this.#documents.settled();
    await reactions();
  }

  #flush(): void {
    const random = this.#random;
    this.#clock.turn();
    this.#frames.top = this.#store.bounds('log').top;
    this.#clock.advance(random.chance(0.02) ? 11_000 : random.below(1200));
    if (random.chance(0.2)) void this.#engine.recheckUser(random.pick(['ada', 'bob']));
    if (random.chance(0.05)) void this.#engine.disconnectUser('bob');
    if (random.chance(0.1)) this.#compact(random.pick(documentNames));
    this.#clock.turn();
    if (!this.#honest.closed) this.#say(this.#honest, { type: 'pong' });
  }

  #compact(name: string): void {
    this.#engine.documents.compact(name).catch((error: unknown) => this.#fail(`${name} was not compacted`, error));
  }

  /** Documents that are full begin anew, for the watchers too. */
  #emptyDocuments(): void {
    for (const name of documentNames) {
      const { epoch, top: offset, ops } = this.#store.read(name, { after: 0, limit: Infinity });
      const bytes = ops.reduce((sum, { payload }) => sum + payload.length, 0);
      if (bytes > fullBytes) this.#store.compact(name, { epoch, offset, payload: emptyUpdate });
    }
    for (const reader of this.#readers) reader.clear();
  }

  /** Somebody whom nothing of this concerns is served. */
  #serve(): void {
    this.#emptyDocuments();
    const nonce = `nonce-${++this.#nonce}`;
    this.#last = nonce;
    if (this.#honest.closed) this.#fail('the honest client was ended', undefined);
    this.#say(this.#honest, { type: 'publish', id: this.#nonce, channel: 'honest', seq: this.#nonce, data: nonce });
    this.#clock.turn();
    if (!this.#heard.delete(nonce)) this.#fail('the honest client was not served', undefined);
    this.#heard.clear();
    this.#served++;
  }

  #connectHonest(): void {
    const link = (this.#honest = this.#open(new FuzzLink(wires.json, 'duplex')));
    link.onChunk = (chunk) => {
      for (const frame of this.#clients.json.decode(Buffer.from(chunk).toString())) {
        if (frame.type === 'message') for (const { data } of frame.ops) this.#heard.add(String(data));
      }
    };
    this.#say(link, { type: 'connect', version: 1, client: 'honest' }, { type: 'subscribe', id: 1, channel: 'honest' });
    this.#clock.turn();
  }

  /**
   * Reads what the others write, through views, applies the updates of documents, and checks that all of it can be read. It
   * comes again when its rights are gone.
   */
  #connectWatcher(codec: CodecName): void {
    const link = this.#open(new FuzzLink(wires[codec], 'duplex'));
    const reader = new DocumentReader(() => this.#acts.update++);
    this.#readers.push(reader);
    link.onChunk = (chunk) => {
      const message = codec === 'json' ? Buffer.from(chunk).toString() : chunk;
      for (const frame of this.#clients[codec].decode(message)) {
        if (frame.type === 'bad') this.#fail(`a watcher got a bad frame: ${frame.message}`, undefined);
        else if (frame.type === 'ping') this.#say(link, { type: 'pong' });
        else if (frame.type === 'snapshot') this.#acts.snapshot++;
        else if (frame.type === 'message' && frame.ops.some(({ kind }) => kind === 'redact')) this.#acts.redaction++;
        else this.#attempt(() => reader.take(frame));
        if (frame.type === 'subscribed' && frame.mode === 'room') this.#frames.inputs.learn(frame.channel, frame.epoch);
      }
    };
    this.#say(link, { type: 'connect', version: 1, client: `watcher-${codec}`, token: 'watcher' }, ...watched());
    const again = (): void => {
      this.#clock.setTimer(again, 5000);
      if (!link.closed) this.#say(link, ...watched());
    };
    again();
    this.#clock.turn();
  }
}

function admit(token: string | undefined): { readonly user?: string } {
  if (token === undefined) return {};
  if (!users.has(token)) throw new LongwaveError('unauthenticated', 'No.');
  return { user: token };
}

async function afterwards<T>(result: () => T): Promise<T> {
  await Promise.resolve();
  return result();
}

/** Frames that wait are handled in reactions of promises, which run only while this waits. */
async function reactions(): Promise<void> {
  for (let i = 0; i < 100; i++) await Promise.resolve();
}

function mutate(message: Encoded, random: Random): Encoded {
  return typeof message === 'string' ? mutateText(message, random) : mutateBytes(message, random);
}

function frameStart(bytes: Uint8Array): number {
  let start = 0;
  while (bytes[start]! >= 128) start++;
  return start + 1;
}
