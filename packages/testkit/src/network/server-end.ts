import type { Session, Sink, Wire } from '@longwave/core';
import type { Host } from '../checking/host.js';

export interface ServerEndEvents {
  /** Chunks that leave together. */
  onSend(chunks: readonly Uint8Array[]): void;
  onClose(code: number, reason: string): void;
  /** The server wrote although it was told not to. */
  onOverrun(): void;
}

/** Bytes that may be written after `false` before it counts as a queue for the client: the last words of a session. */
const graceBytes = 512;

/** The server's end of a fake link: a sink with a bounded buffer that empties at the speed of the link. */
export class ServerEnd implements Sink {
  readonly wire: Wire;
  session!: Session;
  readonly #host: Host;
  readonly #events: ServerEndEvents;
  readonly #limitBytes: number;
  #bytesPerMs = Infinity;
  #queue: (Uint8Array | { readonly code: number; readonly reason: string })[] = [];
  #bytes = 0;
  #full = false;
  #overrunBytes = 0;
  #corked: Uint8Array[] | undefined;
  #sending: { cancel(): void } | undefined;
  #paused = false;
  #inbound: (() => void)[] = [];
  #closed = false;

  constructor(wire: Wire, host: Host, limitBytes: number, events: ServerEndEvents) {
    this.wire = wire;
    this.#host = host;
    this.#limitBytes = limitBytes;
    this.#events = events;
  }

  // Called by the session

  write(chunk: Uint8Array): boolean {
    if (this.#closed) return true;
    if (this.#full) {
      this.#overrunBytes += chunk.length;
      if (this.#overrunBytes > graceBytes) this.#events.onOverrun();
    }
    if (this.#corked) this.#corked.push(chunk);
    else this.#send([chunk]);
    const corkedBytes = this.#isFree ? 0 : (this.#corked ?? []).reduce((sum, { length }) => sum + length, 0);
    this.#full ||= this.#bytes + corkedBytes >= this.#limitBytes;
    return !this.#full;
  }

  /** All of a response that was put together before. */
  writeWhole(chunk: Uint8Array): boolean {
    if (!this.#closed) this.#send([chunk]);
    return true;
  }

  close(code: number, reason: string): void {
    if (this.#closed) return;
    this.uncork();
    this.#closed = true;
    if (this.#queue.length === 0) this.#events.onClose(code, reason);
    else this.#queue.push({ code, reason });
  }

  pause(): void {
    this.#paused = true;
  }

  resume(): void {
    this.#paused = false;
    if (this.#inbound.length > 0)
      this.#host.clock.after(this.#host.pace.resumeMs, () => this.#host.run(() => this.#readOn()));
  }

  cork(): void {
    this.#corked ??= [];
  }

  uncork(): void {
    const corked = this.#corked;
    this.#corked = undefined;
    if (!corked || corked.length === 0) return;
    this.#send(corked);
  }

  /** Nothing waits, and nothing would have to. */
  get #isFree(): boolean {
    return this.#bytesPerMs === Infinity && this.#queue.length === 0;
  }

  #send(chunks: readonly Uint8Array[]): void {
    if (this.#isFree) return this.#events.onSend(chunks);
    this.#queue.push(...chunks);
    for (const { length } of chunks) this.#bytes += length;
    this.#pump();
  }

  // Called by the network

  /** Hands something to the session, when it reads. */
  receive(deliver: () => void): void {
    if (this.#paused || this.#inbound.length > 0) this.#inbound.push(deliver);
    else deliver();
  }

  /** 0: stalled. Infinity: as fast as it comes. */
  setSpeed(bytesPerMs: number): void {
    this.#bytesPerMs = bytesPerMs;
    this.#sending?.cancel();
    this.#sending = undefined;
    this.#pump();
  }

  #readOn(): void {
    while (!this.#paused) {
      const deliver = this.#inbound.shift();
      if (!deliver) return;
      deliver();
    }
  }

  #pump(): void {
    const next = this.#queue[0];
    if (this.#sending || next === undefined || this.#bytesPerMs === 0) return;
    const size = next instanceof Uint8Array ? next.length : 0;
    this.#sending = this.#host.clock.after(size / this.#bytesPerMs + 0.05, () => {
      this.#sending = undefined;
      this.#queue.shift();
      this.#bytes -= size;
      if (next instanceof Uint8Array) this.#events.onSend([next]);
      else this.#events.onClose(next.code, next.reason);
      this.#pump();
      if (this.#full && this.#bytes <= this.#limitBytes / 2) this.#host.run(() => this.#drained());
    });
  }

  #drained(): void {
    if (!this.#full || this.#bytes >= this.#limitBytes) return;
    this.#full = false;
    this.#overrunBytes = 0;
    this.session.drained();
  }
}
