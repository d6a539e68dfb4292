import { fileURLToPath } from 'node:url';
import type { NodeCommand, NodeConfig, NodeReport } from '../processes/messages.js';
import { Child } from './child.js';

type Unnumbered<C> = C extends unknown ? Omit<C, 'id'> : never;

/** How long a node may take to start, on a machine that has much to do. */
const startMs = 30_000;
const answerMs = 20_000;
/** How much longer than its drain a node may take to end. */
const endMs = 15_000;

/** Crashes after which it is left alone. */
const restartLimit = 5;

export interface NodeEvents {
  onCrash(what: string): void;
  onLag(lagMs: number): void;
}

/** One node, through all the lives of its process. */
export class ChaosNode {
  readonly name: string;
  readonly port: number;
  /** Users whose rights were withdrawn: a node that starts has to know. */
  readonly revoked: Set<string>;
  readonly #config: Omit<NodeConfig, 'revoked'>;
  readonly #events: NodeEvents;
  readonly #waiting = new Map<number, { resolve: (result: unknown) => void; reject: (error: Error) => void }>();
  #child: Child<NodeCommand, NodeReport> | undefined;
  #ready: Promise<void> = Promise.resolve();
  #lastId = 0;
  #crashes = 0;

  constructor(config: Omit<NodeConfig, 'revoked'>, revoked: Set<string>, events: NodeEvents) {
    this.name = config.name;
    this.port = config.port;
    this.revoked = revoked;
    this.#config = config;
    this.#events = events;
  }

  get running(): boolean {
    return this.#child !== undefined;
  }

  async start(): Promise<void> {
    let ready = (): void => undefined;
    const isReady = new Promise<void>((resolve) => (ready = resolve));
    const child: Child<NodeCommand, NodeReport> = new Child<NodeCommand, NodeReport>({
      script: 'node',
      config: { ...this.#config, revoked: [...this.revoked] } satisfies NodeConfig,
      execArgv: ['--import', fileURLToPath(new URL('../processes/clock.js', import.meta.url))],
      onReport: (report) => {
        if (report.type === 'ready') ready();
        else if (report.type === 'lag') this.#events.onLag(report.lagMs);
        else this.#onDone(report);
      },
      onCrash: (what) => {
        this.#events.onCrash(`${this.name}: ${what}`);
        if (this.#child !== child) return;
        this.#child = undefined;
        this.#failAll();
        // The run goes on, and has failed.
        if (++this.#crashes <= restartLimit) void this.start();
      },
    });
    this.#child = child;
    const late = setTimeout(
      () => this.#events.onCrash(`${this.name} did not start within ${startMs / 1000} s`),
      startMs,
    );
    this.#ready = Promise.race([isReady, child.closed]);
    await this.#ready;
    clearTimeout(late);
  }

  async kill(): Promise<void> {
    const child = this.#child;
    this.#child = undefined;
    this.#failAll();
    await child?.end('SIGKILL');
  }

  /** As a deployment does it: its clients are sent elsewhere, then it ends. */
  async drain(): Promise<void> {
    const child = this.#child;
    if (!child) return;
    const late = setTimeout(() => void child.end('SIGKILL'), this.#config.drainMs + endMs);
    await child.end('SIGTERM');
    clearTimeout(late);
    this.#child = undefined;
    this.#failAll();
  }

  freeze(): void {
    this.#child?.signal('SIGSTOP');
  }

  thaw(): void {
    this.#child?.signal('SIGCONT');
  }

  /** As a balancer asks it. */
  async isReady(): Promise<boolean> {
    try {
      return (await fetch(`http://127.0.0.1:${this.port}/readyz`, { signal: AbortSignal.timeout(5000) })).ok;
    } catch {
      return false;
    }
  }

  /** Rejects when the node goes, or has not answered in 20 s. */
  async ask(command: Unnumbered<NodeCommand>): Promise<unknown> {
    await this.#ready;
    const child = this.#child;
    if (!child) throw new Error(`${this.name} does not run`);
    const id = ++this.#lastId;
    return new Promise((resolve, reject) => {
      const timer = setTimeout(() => {
        this.#waiting.delete(id);
        reject(new Error(`${this.name} did not answer '${command.type}'`));
      }, answerMs);
      this.#waiting.set(id, {
        resolve: (result) => {
          clearTimeout(timer);
          resolve(result);
        },
        reject: (error) => {
          clearTimeout(timer);
          reject(error);
        },
      });
      child.send({ ...command, id });
    });
  }

  #onDone({ id, result, error }: Extract<NodeReport, { type: 'done' }>): void {
    const waiting = this.#waiting.get(id);
    this.#waiting.delete(id);
    if (error === undefined) waiting?.resolve(result);
    else waiting?.reject(new Error(`${this.name}: ${error}`));
  }

  #failAll(): void {
    for (const { reject } of this.#waiting.values()) reject(new Error(`${this.name} is gone`));
    this.#waiting.clear();
  }
}
