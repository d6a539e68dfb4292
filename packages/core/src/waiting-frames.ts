import { type BadFrame, type ClientFrame, type Encoded, type History, wireLimits } from '@longwave/protocol';
import type { MaybePromise } from './maybe-promise.js';

/** What a session does for its peer. */
export type Task = ClientFrame | BadFrame | (() => MaybePromise<void>);

/** Frames that wait before reading is held back. */
const queueLimit = 64;
/** Operations that history requests may ask for together which wait (LIM-8). */
const maxOperations = 10 * wireLimits.pageOperations;
/** What a history request counts as, in frames: its answer is a chunk. */
export const historyCost = 10;
export const tooMuchHistory = 'Too much history is asked for at once: wait for what was asked before.';

export function isHistory(task: Task | undefined): task is History {
  return typeof task === 'object' && task.type === 'history';
}

/** What a peer has asked for and has to wait: frames in their order, and messages behind them that are not decoded yet. */
export class WaitingFrames {
  /** The one before them is being handled. */
  atWork = false;
  readonly #tasks: Task[] = [];
  readonly #messages: Encoded[] = [];
  #operations = 0;

  /** A peer that is not to be read from may have sent more before it heard of that: it waits as it came. */
  get full(): boolean {
    return this.#tasks.length >= queueLimit || this.#messages.length > 0;
  }

  get first(): Task | undefined {
    return this.#tasks[0];
  }

  /** False: so much history is asked for already that nobody would wait for this. */
  push(task: Task): boolean {
    if (isHistory(task)) {
      const operations = this.#operations + operationsOf(task);
      if (operations > maxOperations) return false;
      this.#operations = operations;
    }
    this.#tasks.push(task);
    return true;
  }

  keep(message: Encoded): void {
    this.#messages.push(message);
  }

  shift(): Task | undefined {
    const task = this.#tasks.shift();
    if (isHistory(task)) this.#operations -= operationsOf(task);
    return task;
  }

  nextMessage(): Encoded | undefined {
    return this.#messages.shift();
  }
}

function operationsOf({ limit }: History): number {
  return Math.min(limit, wireLimits.pageOperations);
}
