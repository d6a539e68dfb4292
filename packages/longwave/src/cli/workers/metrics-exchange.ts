import type { Worker } from 'node:cluster';
import process from 'node:process';
import type { MetricsSnapshot } from '@longwave/node';
import { type MetricsMessage, isMetrics } from './worker-messages.js';

/** Milliseconds that one process waits for others. One that hangs is missing from the figures. */
const patienceMs = 1000;

/** In the process that started the workers: passes a question of one on to all others, and what they answer back. */
export class MetricsBroker {
  readonly #workers: () => readonly Worker[];
  /** By number: who is still to answer is told by `answer`. */
  readonly #open = new Map<number, (metrics: MetricsSnapshot) => void>();
  #next = 1;

  constructor(workers: () => readonly Worker[]) {
    this.#workers = workers;
  }

  onMessage(from: Worker, message: unknown): void {
    if (isMetrics(message, 'gather')) void this.#gather(from, message.gather);
    else if (isMetrics(message, 'reported')) this.#open.get(message.reported)?.(message.metrics);
  }

  async #gather(from: Worker, asked: number): Promise<void> {
    const others = this.#workers().filter((worker) => worker !== from && worker.isConnected());
    const all = await Promise.all(others.map((worker) => this.#ask(worker)));
    const gathered = all.filter((metrics) => metrics !== undefined);
    if (from.isConnected()) from.send({ gathered: asked, all: gathered } satisfies MetricsMessage);
  }

  #ask(worker: Worker): Promise<MetricsSnapshot | undefined> {
    const report = this.#next++;
    return new Promise((resolve) => {
      const answer = (metrics?: MetricsSnapshot): void => {
        clearTimeout(timer);
        this.#open.delete(report);
        resolve(metrics);
      };
      const timer = setTimeout(answer, patienceMs);
      this.#open.set(report, answer);
      worker.send({ report } satisfies MetricsMessage);
    });
  }
}

/** In a worker: asks for the figures of the others, and gives its own. */
export class MetricsReporter {
  readonly #open = new Map<number, (all: readonly MetricsSnapshot[]) => void>();
  #next = 1;
  /** Set when there is a server whose figures can be read. */
  read: (() => Promise<MetricsSnapshot>) | undefined;

  onMessage(message: unknown): void {
    if (isMetrics(message, 'gathered')) this.#open.get(message.gathered)?.(message.all);
    else if (isMetrics(message, 'report')) void this.#report(message.report);
  }

  /** Gathers the figures of all processes, those of this one first. */
  gather(own: MetricsSnapshot): Promise<readonly MetricsSnapshot[]> {
    const gather = this.#next++;
    return new Promise((resolve) => {
      const answer = (others: readonly MetricsSnapshot[] = []): void => {
        clearTimeout(timer);
        this.#open.delete(gather);
        resolve([own, ...others]);
      };
      const timer = setTimeout(answer, patienceMs * 2);
      this.#open.set(gather, answer);
      process.send?.({ gather } satisfies MetricsMessage);
    });
  }

  async #report(reported: number): Promise<void> {
    const metrics = (await this.read?.()) ?? [];
    process.send?.({ reported, metrics } satisfies MetricsMessage);
  }
}
