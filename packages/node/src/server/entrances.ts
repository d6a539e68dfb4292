import type { AddressInfo } from 'node:net';
import { setTimeout as wait } from 'node:timers/promises';
import type { Engine } from '@longwave/core';
import { LongwaveError } from '@longwave/protocol';

/** A place at which a server listens. */
export interface Entrance {
  readonly bound: AddressInfo;
  /** Has peers open no more streams on connections that stand. */
  leave(): void;
  /** Takes no more connections. */
  stop(): void;
  /**
   * To be called after `stop`: resolves when the last connection has ended. Those that are idle are ended, the others
   * are cut soon.
   */
  close(): Promise<void>;
}

/** The places at which a server listens, until it closes. */
export class Entrances {
  readonly #engine: Engine;
  readonly #open: (port: number, address: string | undefined) => Promise<Entrance>;
  readonly #entrances = new Set<Entrance>();
  /** Those that are about to be there. */
  readonly #opening = new Set<Promise<unknown>>();
  #closing: Promise<void> | undefined;

  /** `open` rejects with the error of the socket. */
  constructor(engine: Engine, open: (port: number, address: string | undefined) => Promise<Entrance>) {
    this.#engine = engine;
    this.#open = open;
  }

  /** Throws `closed` once it closes. */
  requireOpen(): void {
    if (!this.#closing) return;
    throw new LongwaveError('closed', 'This server was closed, and takes no more connections: create another one.');
  }

  /** Rejects with `closed`, or with the error of the socket. */
  async listen(port: number, address: string | undefined): Promise<AddressInfo> {
    this.requireOpen();
    const opening = this.#listen(port, address);
    const settled = opening.then(
      () => undefined,
      () => undefined,
    );
    this.#opening.add(settled);
    try {
      return await opening;
    } finally {
      this.#opening.delete(settled);
    }
  }

  /** `end` ends the engine and the links. A second call joins the first. */
  close(drainMs: number, end: () => Promise<void>): Promise<void> {
    return (this.#closing ??= this.#close(drainMs, end));
  }

  async #listen(port: number, address: string | undefined): Promise<AddressInfo> {
    const entrance = await this.#open(port, address);
    if (!this.#closing) {
      this.#entrances.add(entrance);
      return entrance.bound;
    }
    entrance.stop();
    await entrance.close();
    this.requireOpen();
    return entrance.bound;
  }

  async #close(drainMs: number, end: () => Promise<void>): Promise<void> {
    for (const entrance of this.#entrances) entrance.leave();
    // While it drains it says so to whoever asks: a load balancer, and clients that it sent here still (READ-4).
    const told = this.#entrances.size > 0 ? wait(drainMs) : undefined;
    await Promise.all([this.#engine.drain(drainMs), told]);
    for (const entrance of this.#entrances) entrance.stop();
    await end();
    for (const entrance of this.#entrances) await entrance.close();
    await Promise.all(this.#opening);
  }
}
