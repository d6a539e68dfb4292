import type { Channels, ClientFrame, CodecName, ReceivedFrame } from '@longwave/protocol';
import { createClientCodec, createEventReader, createServerCodec, utf8Decode, utf8Encode } from '@longwave/protocol';
import type { Chunk, Clock, Sink, Wire } from '../base/ports.js';
import {
  type PollAnswer,
  PollLink,
  type PollOptions,
  type ResponseBody,
  StreamLink,
  createEventWire,
  createPollWire,
} from '../sessions/request-links.js';
import { Engine } from '../engine.js';
import type { EngineOptions } from '../engine-options.js';
import { MemoryStore } from '../store/memory-store.js';
import type { Session } from '../sessions/session.js';

/** A clock that moves when told. `defer` runs at the next `turn`. */
class ManualClock implements Clock {
  #now = 1_000_000;
  #timers: { at: number; callback: () => void }[] = [];
  #deferred: (() => void)[] = [];
  hurried = 0;
  paces = false;

  now(): number {
    return this.#now;
  }

  setTimer(callback: () => void, delayMs: number): () => void {
    const timer = { at: this.#now + delayMs, callback };
    this.#timers.push(timer);
    return () => void (this.#timers = this.#timers.filter((other) => other !== timer));
  }

  defer(callback: () => void): void {
    this.#deferred.push(callback);
  }

  hurry(): void {
    this.hurried++;
  }

  /** Runs what was deferred, until nothing is. */
  turn(): void {
    for (let run = this.#deferred.shift(); run; run = this.#deferred.shift()) run();
  }

  advance(byMs: number): void {
    const end = this.#now + byMs;
    for (;;) {
      const next = this.#timers.filter(({ at }) => at <= end).toSorted((a, b) => a.at - b.at)[0];
      if (!next) break;
      this.#timers = this.#timers.filter((other) => other !== next);
      this.#now = Math.max(this.#now, next.at);
      next.callback();
      this.turn();
    }
    this.#now = end;
  }

  get timers(): number {
    return this.#timers.length;
  }
}

const encode = (message: string | Uint8Array): Uint8Array =>
  typeof message === 'string' ? utf8Encode(message) : message;

const wires: Record<CodecName, Wire> = {
  json: { codec: createServerCodec('json'), pack: encode },
  binary: { codec: createServerCodec('binary'), pack: encode },
};

/** The peer's end of a session. */
export class Peer implements Sink {
  readonly wire: Wire;
  readonly frames: ReceivedFrame[] = [];
  readonly calls: string[] = [];
  readonly chunks: Uint8Array[] = [];
  session!: Session;
  /** Chunks that the link takes before it is full. */
  room = Infinity;
  closed: { code: number; reason: string } | undefined;
  readonly #codec;
  #id = 0;

  constructor(codec: CodecName) {
    this.wire = wires[codec];
    this.#codec = createClientCodec(codec);
  }

  write(chunk: Uint8Array): boolean {
    this.chunks.push(chunk);
    const message = this.#codec.name === 'json' ? utf8Decode(chunk) : chunk;
    for (const frame of this.#codec.decode(message)) {
      if (frame.type === 'bad') throw new Error(frame.message);
      this.frames.push(frame);
    }
    return --this.room > 0;
  }

  close(code: number, reason: string): void {
    this.closed = { code, reason };
  }

  pause(): void {
    this.calls.push('pause');
  }

  resume(): void {
    this.calls.push('resume');
  }

  cork(): void {
    this.calls.push('cork');
  }

  uncork(): void {
    this.calls.push('uncork');
  }

  drain(room = Infinity): void {
    this.room = room;
    this.session.drained();
  }

  send(...frames: ClientFrame[]): void {
    this.session.receive(this.#codec.join(frames.map((frame) => this.#codec.encode(frame))));
  }

  nextId(): number {
    return ++this.#id;
  }

  take<T extends ReceivedFrame['type']>(type: T): Extract<ReceivedFrame, { type: T }>[] {
    return this.frames.filter((frame): frame is Extract<ReceivedFrame, { type: T }> => frame.type === type);
  }

  /** Offsets of a channel that arrived, in their order. */
  offsets(channel: string): number[] {
    return this.take('message')
      .filter((message) => message.channel === channel)
      .flatMap(({ offset, ops }) => ops.map((_, i) => offset + i));
  }
}

const eventWires: Record<CodecName, Wire> = { json: createEventWire('json'), binary: createEventWire('binary') };
const pollWires: Record<CodecName, Wire> = { json: createPollWire('json'), binary: createPollWire('binary') };

/** The response to a request, as its client reads it. */
export class Answer implements ResponseBody, PollAnswer {
  session!: Session;
  readonly frames: ReceivedFrame[] = [];
  ended = false;
  bytes = 0;
  /** Chunks that it takes before it is full. */
  room = Infinity;
  readonly #read;
  readonly #codec;

  constructor(codec: CodecName) {
    this.#read = createEventReader(codec);
    this.#codec = createClientCodec(codec);
  }

  write(bytes: Uint8Array): boolean {
    this.bytes += bytes.length;
    for (const message of this.#read(bytes)) {
      for (const frame of this.#codec.decode(message)) {
        if (frame.type === 'bad') throw new Error(frame.message);
        this.frames.push(frame);
      }
    }
    return --this.room > 0;
  }

  end(): void {
    this.ended = true;
  }

  answer(chunks: readonly Chunk[]): void {
    for (const chunk of chunks) this.write(encode(chunk));
    this.end();
  }

  get types(): string[] {
    return this.frames.map(({ type }) => type);
  }
}

/** An engine on a manual clock, and peers to talk to it. */
export function createHarness(channels: Channels, options: Partial<EngineOptions> = {}) {
  const clock = new ManualClock();
  let ids = 0;
  const makeId = () => `id-${++ids}`;
  const store = options.store ?? new MemoryStore({ clock, makeId });
  const errors: unknown[] = [];
  const engine = new Engine({
    channels,
    store,
    clock,
    makeId,
    digest: (text: string) => `digest-of-${text}`,
    random: () => 0.5,
    logger: { error: (message, cause) => errors.push([message, cause]), info: () => undefined },
    ...options,
  });
  const link = (codec: CodecName = 'json'): Peer => {
    const peer = new Peer(codec);
    peer.session = engine.accept(peer, { transport: 'test', headers: {} });
    return peer;
  };
  const connect = (codec: CodecName = 'json', client = `client-${++ids}`, token?: string): Peer => {
    const peer = link(codec);
    peer.send({ type: 'connect', version: 1, client, token });
    clock.turn();
    return peer;
  };
  const request = (
    route: 'stream' | 'send' | PollOptions,
    frames: readonly ClientFrame[],
    codec: CodecName = 'json',
    { room = Infinity, remoteAddress }: { readonly room?: number; readonly remoteAddress?: string } = {},
  ): Answer => {
    const answer = new Answer(codec);
    answer.room = room;
    const poll = typeof route === 'object' ? new PollLink(pollWires[codec], route, answer) : undefined;
    const sink = poll ?? new StreamLink(eventWires[codec], route === 'send' ? 'upstream' : 'downstream', answer);
    answer.session = engine.accept(sink, { transport: 'test', headers: {}, remoteAddress });
    if (poll) poll.session = answer.session;
    const out = createClientCodec(codec);
    answer.session.receive(out.join(frames.map((frame) => out.encode(frame))));
    clock.turn();
    return answer;
  };
  return { clock, store, engine, errors, link, connect, request };
}
