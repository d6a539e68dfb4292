import { type ChildProcess, fork } from 'node:child_process';
import { once } from 'node:events';
import { fileURLToPath } from 'node:url';
import { type Code, LongwaveError, type Operation } from '@longwave/protocol';
import type { Bounds, Compaction, Store, Watcher } from '@longwave/core';
import type { LmdbOptions } from '../options.js';

type FromChild =
  | 'ready'
  | {
      readonly call: number;
      readonly result?: unknown;
      readonly error?: { readonly code?: Code; readonly message: string };
    }
  | { readonly watch: number; readonly epoch: string; readonly op: Operation }
  | { readonly watch: number; readonly bounds: Bounds }
  | { readonly watch: number; readonly data: Uint8Array };

type Hear = (data: Uint8Array) => void;

interface Call {
  readonly resolve: (result: unknown) => void;
  readonly reject: (error: Error) => void;
}

/** A store that another process has opened. */
export interface ChildStore extends Store {
  compact(channel: string, compaction: Compaction): Promise<boolean>;
  advance(byMs: number): Promise<void>;
}

const script = fileURLToPath(new URL('store-child.mjs', import.meta.url));

/** A process that opens stores and does with them what it is told. */
export class StoreProcess {
  readonly child: ChildProcess;
  /** Resolves when it is gone. */
  readonly gone: Promise<void>;
  readonly #calls = new Map<number, Call>();
  readonly #watchers = new Map<number, Watcher>();
  readonly #listeners = new Map<number, Hear>();
  #count = 0;

  private constructor(child: ChildProcess) {
    this.child = child;
    child.on('message', (message: FromChild) => this.#take(message));
    this.gone = once(child, 'exit').then(() => {
      for (const { reject } of this.#calls.values()) reject(new Error('The process is gone.'));
      this.#calls.clear();
    });
  }

  static async start(): Promise<StoreProcess> {
    const child = fork(script, { serialization: 'advanced', execArgv: [] });
    await once(child, 'message');
    return new StoreProcess(child);
  }

  /** `stoppedAt`: the clock of the store stands there, but for `advance`. */
  async open(options: LmdbOptions, stoppedAt?: number): Promise<ChildStore> {
    const store = ++this.#count;
    await this.#call('open', store, options, stoppedAt);
    return {
      durability: 'disk',
      announcements: 'reliable',
      append: (...args) => this.#call('append', store, ...args),
      compact: (...args) => this.#call('compact', store, ...args),
      read: (...args) => this.#call('read', store, ...args),
      bounds: (...args) => this.#call('bounds', store, ...args),
      expire: () => this.#call('expire', store),
      advance: (byMs) => this.#call('advance', store, byMs),
      watch: (channel, watcher) => this.#follow('watch', store, channel, this.#watchers, watcher),
      relay: {
        send: (topic, data) => void this.#call('relay', store, topic, data).catch(() => undefined),
        listen: (topic, hear) => this.#follow('listen', store, topic, this.#listeners, hear),
      },
      close: () => this.#call('close', store),
    };
  }

  /** Ends it in the midst of whatever it does. */
  async kill(): Promise<void> {
    this.child.kill('SIGKILL');
    await this.gone;
  }

  async end(): Promise<void> {
    if (this.child.connected) this.child.disconnect();
    await this.gone;
  }

  /** Is told by the process of what comes, until the function that it resolves with is called. */
  async #follow<T>(action: string, store: number, name: string, all: Map<number, T>, own: T): Promise<() => void> {
    const watch = ++this.#count;
    all.set(watch, own);
    await this.#call(action, store, watch, name);
    return () => {
      if (all.delete(watch)) this.#call('stop', store, watch).catch(() => undefined);
    };
  }

  #call<T>(action: string, ...args: readonly unknown[]): Promise<T> {
    return new Promise<T>((resolve, reject) => {
      const call = ++this.#count;
      this.#calls.set(call, { resolve: resolve as (result: unknown) => void, reject });
      this.child.send({ call, action, args }, (error: Error | null) => error && reject(error));
    });
  }

  #take(message: FromChild): void {
    if (message === 'ready') return;
    if ('watch' in message) {
      const watcher = this.#watchers.get(message.watch);
      if ('data' in message) this.#listeners.get(message.watch)?.(message.data);
      else if ('op' in message) watcher?.announce(message.epoch, message.op);
      else watcher?.learn(message.bounds);
      return;
    }
    const { resolve, reject } = this.#calls.get(message.call)!;
    this.#calls.delete(message.call);
    const { error } = message;
    if (!error) resolve(message.result);
    else reject(error.code ? new LongwaveError(error.code, error.message) : new Error(error.message));
  }
}
