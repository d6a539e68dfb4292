import cluster, { type Worker } from 'node:cluster';
import { once } from 'node:events';
import process from 'node:process';
import { type ExitCode, exitCodes } from '../exit-codes.js';
import { watchInterrupts } from '../interrupt.js';
import { MetricsBroker } from './metrics-exchange.js';
import { isReady, stopMessage } from './worker-messages.js';

/** How long it waits before it starts one anew, twice as long each time that one ends early. */
const firstPauseMs = 100;
const maxPauseMs = 10_000;
/** One that has lived for so long did not end early. */
const settledMs = 30_000;

/**
 * Runs this command line in so many processes that share its port, and starts one anew when it dies. On SIGTERM or SIGINT it has all of
 * them drain, and resolves when the last one is gone. One that ends before it was ever ready ends all.
 */
export class Workers {
  readonly #count: number;
  readonly #slots: Slot[];
  readonly #metrics = new MetricsBroker(() => this.#slots.flatMap(({ worker }) => worker ?? []));
  #isStopping = false;
  #failed: (code: ExitCode) => void = () => undefined;

  constructor(count: number) {
    this.#count = count;
    this.#slots = Array.from(
      { length: count },
      (_, i) =>
        new Slot(i + 1, {
          onEnd: (slot, how) => this.#ended(slot, how),
          onMessage: (worker, message) => this.#metrics.onMessage(worker, message),
        }),
    );
  }

  async run(): Promise<ExitCode> {
    const interrupts = watchInterrupts(() => this.#kill());
    const failure = new Promise<ExitCode>((resolve) => (this.#failed = resolve));
    const interrupted = new Promise<undefined>((resolve) => {
      interrupts.signal.addEventListener('abort', () => resolve(undefined), { once: true });
    });
    const started = Promise.all(this.#slots.map((slot) => slot.start())).then(([lines]) => this.#tell(lines ?? []));
    const code = await Promise.race([failure, interrupted, started.then(() => Promise.race([failure, interrupted]))]);
    this.#isStopping = true;
    await Promise.all(this.#slots.map((slot) => slot.stop()));
    interrupts.dispose();
    if (code === undefined) say(`All ${this.#count} workers are gone.`);
    return code ?? exitCodes.done;
  }

  #tell(lines: readonly string[]): void {
    const [first, ...others] = lines;
    if (first !== undefined) for (const line of [`${first} (${this.#count} workers)`, ...others]) say(line);
  }

  #ended(slot: Slot, how: string): void {
    if (this.#isStopping) return;
    if (!slot.wasReady) {
      complain(`Worker ${slot.number} ${how} before it was ready.`);
      this.#failed(exitCodes.failed);
      return;
    }
    const pauseMs = slot.nextPause();
    complain(`Worker ${slot.number} (process ${slot.pid}) ${how}. Another one starts in ${pauseMs} ms.`);
    setTimeout(() => {
      if (this.#isStopping) return;
      void slot.start().then(() => say(`Worker ${slot.number} (process ${slot.pid}) is there again.`));
    }, pauseMs);
  }

  /** A second interrupt: what is unfinished is given up. */
  #kill(): void {
    for (const slot of this.#slots) slot.kill();
  }
}

interface SlotEvents {
  onEnd(slot: Slot, how: string): void;
  onMessage(worker: Worker, message: unknown): void;
}

/** One of the processes, and those that take its place. */
class Slot {
  readonly number: number;
  readonly #events: SlotEvents;
  #worker: Worker | undefined;
  #gone: Promise<unknown> = Promise.resolve();
  #startedAt = 0;
  #pauseMs = firstPauseMs;
  wasReady = false;
  pid = 0;

  constructor(number: number, events: SlotEvents) {
    this.number = number;
    this.#events = events;
  }

  /** Resolves with what it says when it takes connections; does not where it ends before. */
  start(): Promise<readonly string[]> {
    const worker = cluster.fork();
    this.#worker = worker;
    this.#startedAt = performance.now();
    this.pid = worker.process.pid ?? 0;
    this.#gone = once(worker, 'exit');
    worker.on('exit', (code: number | null, signal: string | null) => {
      this.#worker = undefined;
      this.#events.onEnd(this, signal === null ? `ended with exit code ${code}` : `was ended by ${signal}`);
    });
    // A message to a worker that is gone fails: its exit says so already.
    worker.on('error', () => undefined);
    return new Promise((resolve) => {
      worker.on('message', (message: unknown) => {
        if (!isReady(message)) return this.#events.onMessage(worker, message);
        this.wasReady = true;
        resolve(message.ready.lines);
      });
    });
  }

  get worker(): Worker | undefined {
    return this.#worker;
  }

  nextPause(): number {
    const pauseMs = performance.now() - this.#startedAt > settledMs ? firstPauseMs : this.#pauseMs;
    this.#pauseMs = Math.min(maxPauseMs, pauseMs * 2);
    return pauseMs;
  }

  async stop(): Promise<void> {
    if (this.#worker?.isConnected()) this.#worker.send(stopMessage);
    await this.#gone;
  }

  kill(): void {
    this.#worker?.process.kill('SIGKILL');
  }
}

function say(line: string): void {
  process.stdout.write(`${line}\n`);
}

function complain(line: string): void {
  process.stderr.write(`longwave: ${line}\n`);
}
