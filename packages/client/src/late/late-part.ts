import { LongwaveError, readDuration } from '@longwave/protocol/client';
import type { Late, Limits } from '../base/late.js';
import type { Ports, Timer } from '../base/ports.js';
import type { Backoff } from '../connection/backoff.js';
import { call } from '../base/safe-call.js';
import { watchDeadline } from '../sending/deadline.js';

/** Requests that wait for a part; beyond it they are refused, as by the outbox. */
const maxWaiting = 1_000;

type LatePorts = Pick<Ports, 'clock' | 'onDiagnostic' | 'reportError'>;

interface Use<Part> {
  readonly run: (part: Part) => void;
  readonly drop: (error: LongwaveError) => void;
}

/**
 * A part that is loaded when it is first used. Requests that are made meanwhile wait, in order. A failure to load, as of a network
 * that is away, ends nothing: it is told as a diagnostic, and loading is tried again, later and later (CLI-21).
 */
export class LatePart<Part> implements Late<Part> {
  part: Part | undefined;
  readonly #ports: LatePorts;
  readonly #backoff: Backoff;
  readonly #load: () => Promise<Part>;
  #uses: Use<Part>[] = [];
  #loading = false;
  #failures = 0;
  #timer: Timer | undefined;
  #ended: LongwaveError | undefined;

  constructor(ports: LatePorts, backoff: Backoff, load: () => Promise<Part>) {
    this.#ports = ports;
    this.#backoff = backoff;
    this.#load = load;
  }

  /** Nothing was asked of it. */
  get unused(): boolean {
    return !this.part && !this.#loading;
  }

  use(run: (part: Part) => void, drop: (error: LongwaveError) => void = () => {}): void {
    if (this.part) return run(this.part);
    this.#uses.push({ run, drop });
    if (!this.#loading) this.#begin();
  }

  ask<T>(options: Limits, act: (part: Part, options: Limits) => Promise<T>): Promise<T> {
    if (this.#ended) return Promise.reject(this.#ended);
    if (this.part) return act(this.part, options);
    const { clock } = this.#ports;
    const { signal, timeout } = options;
    if (signal?.aborted) return Promise.reject(signal.reason as Error);
    if (this.#uses.length >= maxWaiting) return Promise.reject(new LongwaveError('outbox-full'));
    const since = clock.now();
    return new Promise((resolve, reject) => {
      let over = false;
      const fail = (error: Error): void => {
        over = true;
        stop();
        reject(error);
      };
      const stop = watchDeadline(clock, options, 'load', (error) => fail(error as Error));
      this.use((part) => {
        if (over) return;
        stop();
        const left = timeout && Math.max(0, readDuration(timeout) - Math.max(0, clock.now() - since));
        // An async function: what `act` throws becomes a rejection.
        resolve((async () => act(part, { ...(signal && { signal }), ...(left !== undefined && { timeout: left }) }))());
      }, fail);
    });
  }

  end(error: LongwaveError): void {
    this.#ended = error;
    this.#timer?.cancel();
    this.#loading = false;
    const uses = this.#uses;
    this.#uses = [];
    for (const { drop } of uses) drop(error);
  }

  #begin(): void {
    this.#loading = true;
    this.#load().then(
      (part) => {
        // One that is asked meanwhile comes last among them.
        for (const { run } of this.#uses) call(this.#ports, run, part);
        this.#uses = [];
        this.part = part;
      },
      (cause: unknown) => {
        if (this.#uses.length === 0) return void (this.#loading = false);
        const error = new LongwaveError('unavailable', 'A part of the client could not be loaded.', { cause });
        this.#ports.onDiagnostic({ kind: 'load', message: error.message, cause: error });
        this.#timer = this.#ports.clock.setTimer(() => this.#begin(), this.#backoff(++this.#failures));
      },
    );
  }
}
