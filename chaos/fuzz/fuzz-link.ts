import {
  type Clock,
  type LinkKind,
  type Session,
  type Sink,
  type Wire,
  createEventWire,
  createPollWire,
} from '@longwave/core';
import { type CodecName, type Encoded, createServerCodec, utf8Encode } from '@longwave/protocol';

/** Time that moves when told. */
export class FuzzClock implements Clock {
  #now = 1_700_000_000_000;
  #deferred: (() => void)[] = [];
  readonly #timers = new Map<object, { readonly at: number; readonly run: () => void }>();

  now(): number {
    return this.#now;
  }

  setTimer(run: () => void, delayMs: number): () => void {
    const timer = { at: this.#now + delayMs, run };
    this.#timers.set(timer, timer);
    return () => void this.#timers.delete(timer);
  }

  defer(run: () => void): void {
    this.#deferred.push(run);
  }

  turn(): void {
    for (let rounds = 0; this.#deferred.length > 0 && rounds < 1000; rounds++) {
      const due = this.#deferred;
      this.#deferred = [];
      for (const run of due) run();
    }
    if (this.#deferred.length > 0) throw new Error('The flush does not come to an end.');
  }

  advance(ms: number): void {
    this.#now += ms;
    for (const timer of [...this.#timers.values()]) {
      if (timer.at > this.#now || !this.#timers.delete(timer)) continue;
      timer.run();
    }
  }
}

const pack = (message: Encoded): Uint8Array => (typeof message === 'string' ? utf8Encode(message) : message);
export const wires: Readonly<Record<CodecName, Wire>> = {
  json: { codec: createServerCodec('json'), pack },
  binary: { codec: createServerCodec('binary'), pack },
};
export const eventWires: Readonly<Record<CodecName, Wire>> = {
  json: createEventWire('json'),
  binary: createEventWire('binary'),
};

export const pollWires: Readonly<Record<CodecName, Wire>> = {
  json: createPollWire('json'),
  binary: createPollWire('binary'),
};

/** A link that takes bytes, sometimes only some. */
export class FuzzLink implements Sink {
  readonly wire: Wire;
  readonly kind: LinkKind;
  readonly codec: CodecName;
  session!: Session;
  closed = false;
  room = Infinity;
  onChunk: ((chunk: Uint8Array) => void) | undefined;

  constructor(wire: Wire, kind: LinkKind) {
    this.wire = wire;
    this.kind = kind;
    this.codec = wire.codec.name;
  }

  write(chunk: Uint8Array): boolean {
    this.onChunk?.(chunk);
    this.room -= chunk.length;
    return this.room > 0;
  }

  close(): void {
    this.closed = true;
  }

  pause(): void {}
  resume(): void {}
  cork(): void {}
  uncork(): void {}
}
