import {
  type BadFrame,
  type ClientFrame,
  type Encoded,
  type ErrorFrame,
  type History,
  wireLimits,
} from '@longwave/protocol';
import { type MaybePromise, isPromise } from '../base/maybe-promise.js';

/** A piece of work that a session does for its peer. */
export type Task = ClientFrame | BadFrame | (() => MaybePromise<void>);

/** Frames that wait before reading is held back. */
const queueLimit = 64;
/** Operations that history requests may ask for together which wait (LIM-9). */
const maxOperations = 10 * wireLimits.pageOperations;
/** Frames that a history request counts as: its answer is a chunk. */
const pageCost = 10;
/** By time it takes some reads more to find it. */
const searchCost = 30;
const tooMuchHistory = 'Too much history is asked for at once: wait for what was asked before.';

export function isHistory(task: Task | undefined): task is History {
  return typeof task === 'object' && task.type === 'history';
}

/** The part of a session that it uses. */
export interface WaitingHost {
  mustWait(task: Task | undefined): boolean;
  /** New frames wait until earlier ones are paid for. */
  isBeyondRate(): boolean;
  run(task: Task): MaybePromise<void>;
  read(message: Encoded): void;
  refuse(frame: ErrorFrame): void;
  onFull(): void;
  /** All of it is handled. */
  onEmpty(): void;
  onError(error: unknown): void;
}

/** Requests of a peer that have to wait: frames in order (SES-5), and after them messages that are not decoded yet. */
export class WaitingFrames {
  readonly #host: WaitingHost;
  /** The one before them is being handled. */
  #atWork = false;
  readonly #tasks: Task[] = [];
  readonly #messages: Encoded[] = [];
  #operations = 0;

  constructor(host: WaitingHost) {
    this.#host = host;
  }

  /** A peer that is not to be read from may have sent more before it heard of that: it waits as it came. */
  get full(): boolean {
    return this.#tasks.length >= queueLimit || this.#messages.length > 0;
  }

  push(task: Task): void {
    if (isHistory(task)) {
      const operations = this.#operations + operationsOf(task);
      if (operations > maxOperations) return this.#refuse(task);
      this.#operations = operations;
    }
    this.#tasks.push(task);
    if (this.full) this.#host.onFull();
  }

  /** The bytes of the link may be written over after the call. */
  keep(message: Encoded): void {
    this.#messages.push(typeof message === 'string' ? message : new Uint8Array(message));
    this.#host.onFull();
  }

  /** Continues after the work under way. */
  follow(atWork: Promise<void>): void {
    this.#atWork = true;
    void atWork.then(() => this.#handle()).catch((error: unknown) => this.#host.onError(error));
  }

  /** Handles what waits, for as long as its answers can go. */
  goOn(): void {
    if (this.#atWork) return;
    this.#atWork = true;
    void this.#handle().catch((error: unknown) => this.#host.onError(error));
  }

  async #handle(): Promise<void> {
    const host = this.#host;
    while (!host.mustWait(this.#tasks[0])) {
      const task = this.#shift();
      if (task) {
        const result = host.run(task);
        if (isPromise(result)) await result;
        continue;
      }
      if (this.#messages.length === 0) return host.onEmpty();
      if (host.isBeyondRate()) break;
      host.read(this.#messages.shift()!);
    }
    this.#atWork = false;
  }

  #shift(): Task | undefined {
    const task = this.#tasks.shift();
    if (isHistory(task)) this.#operations -= operationsOf(task);
    return task;
  }

  /** So much history is asked for already that nobody would wait for this. */
  #refuse({ id }: History): void {
    this.#host.refuse({ type: 'error', id, code: 'rate-limited', message: tooMuchHistory, retryAfterMs: 100 });
  }
}

/** Frames that a history request counts as (LIM-9). */
export function historyCost({ since, until }: History): number {
  return since === undefined && until === undefined ? pageCost : searchCost;
}

function operationsOf({ limit }: History): number {
  return Math.min(limit, wireLimits.pageOperations);
}
