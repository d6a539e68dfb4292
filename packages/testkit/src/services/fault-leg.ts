import type { Socket } from 'node:net';
import { type Conditions, Flow, fairWeather } from './flow.js';

/** `up`: from who connected to the target. `down`: back. */
export type Direction = 'up' | 'down';

interface Pair {
  readonly near: Socket;
  readonly far: Socket;
  readonly flows: readonly [up: Flow, down: Flow];
  /** Either end was told nothing, and never will be. */
  isVoid: boolean;
  /** An end is gone, which the other has not been told: the link was frozen. */
  broken: boolean;
}

/** The way from a link to one of its targets, and what can happen to it. */
export class FaultLeg {
  /** The port at 127.0.0.1 to which connections go from now on. */
  target: number;
  refusing = false;
  readonly #conditions: Readonly<Record<Direction, Conditions>> = { up: fairWeather(), down: fairWeather() };
  readonly #pairs = new Set<Pair>();

  constructor(target: number) {
    this.target = target;
  }

  get connections(): number {
    return this.#pairs.size;
  }

  /** Bytes on their way stay there until `heal`, and neither end is told. */
  freeze(directions: readonly Direction[] = ['up', 'down']): void {
    this.#set({ frozen: true }, directions);
  }

  /** Ends every fault. Connections that were broken meanwhile break for both of their ends. */
  heal(): void {
    this.refusing = false;
    this.#set(fairWeather());
    for (const pair of this.#pairs) if (pair.broken || pair.isVoid) this.#drop(pair);
  }

  /** Breaks what is open. New connections pass. */
  cut(): void {
    for (const pair of this.#pairs) this.#drop(pair);
  }

  /** New connections are reset until `heal`; those that are open stay. */
  refuse(): void {
    this.refusing = true;
  }

  /** Open connections lead nowhere from now on, and neither end is told; new ones pass. */
  halfOpen(): void {
    for (const pair of this.#pairs) {
      pair.isVoid = true;
      for (const flow of pair.flows) flow.stop();
      pair.near.pause();
      pair.far.pause();
    }
  }

  delay(latencyMs: number): void {
    this.#set({ latencyMs });
  }

  /** Bytes come in pieces of this size. */
  slice(sliceBytes: number): void {
    this.#set({ sliceBytes });
  }

  /** For each connection and direction. */
  throttle(bytesPerSecond: number): void {
    this.#set({ bytesPerSecond });
  }

  /** Carries `near` over `far`, which is connected. */
  carry(near: Socket, far: Socket): void {
    const up = new Flow(near, far, this.#conditions.up);
    const down = new Flow(far, near, this.#conditions.down);
    const pair: Pair = { near, far, flows: [up, down], isVoid: false, broken: false };
    this.#pairs.add(pair);
    for (const end of [near, far]) end.once('close', () => this.#onClose(pair));
  }

  #set(change: Partial<Conditions>, directions: readonly Direction[] = ['up', 'down']): void {
    for (const direction of directions) Object.assign(this.#conditions[direction], change);
    for (const { flows, isVoid } of this.#pairs) if (!isVoid) for (const flow of flows) flow.pump();
  }

  #onClose(pair: Pair): void {
    const { near, far, isVoid } = pair;
    const bothGone = near.destroyed && far.destroyed;
    const { up, down } = this.#conditions;
    if (!bothGone && (isVoid || up.frozen || down.frozen)) pair.broken = true;
    else this.#drop(pair);
  }

  #drop(pair: Pair): void {
    this.#pairs.delete(pair);
    for (const flow of pair.flows) flow.stop();
    pair.near.destroy();
    pair.far.destroy();
  }
}
