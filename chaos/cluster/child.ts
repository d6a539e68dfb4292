import { type ChildProcess, fork } from 'node:child_process';
import { once } from 'node:events';
import process from 'node:process';
import { fileURLToPath } from 'node:url';

/** None of them outlives this process, however that ends. */
const running = new Set<ChildProcess>();
process.once('exit', () => {
  for (const child of running) {
    // One that stands still takes no other signal.
    child.kill('SIGKILL');
  }
});

export interface ChildOptions<Report> {
  /** In `processes/`, without its ending. */
  readonly script: string;
  readonly config: unknown;
  readonly execArgv?: readonly string[];
  readonly onReport: (report: Report) => void;
  /** It ended, and nobody asked it to. */
  readonly onCrash: (what: string) => void;
}

/** A process of ours: what it says comes as messages, what it writes goes to the terminal. */
export class Child<Command extends object, Report> {
  readonly #process: ChildProcess;
  readonly closed: Promise<void>;
  #expected = false;
  #gone = false;

  constructor({ script, config, execArgv = [], onReport, onCrash }: ChildOptions<Report>) {
    const file = fileURLToPath(new URL(`../processes/${script}.js`, import.meta.url));
    this.#process = fork(file, [JSON.stringify(config)], {
      serialization: 'advanced',
      execArgv: [...execArgv],
      stdio: ['ignore', 'inherit', 'inherit', 'ipc'],
    });
    running.add(this.#process);
    this.#process.on('message', (message) => onReport(message as Report));
    this.#process.on('error', () => undefined);
    this.closed = once(this.#process, 'exit').then(([code, signal]) => {
      this.#gone = true;
      running.delete(this.#process);
      if (!this.#expected) onCrash(`${script} ended with ${signal ?? code}`);
    });
  }

  get gone(): boolean {
    return this.#gone;
  }

  get pid(): number | undefined {
    return this.#process.pid;
  }

  send(command: Command): void {
    if (this.#process.connected) this.#process.send(command, () => undefined);
  }

  /** Sends a signal that it survives. */
  signal(signal: 'SIGSTOP' | 'SIGCONT'): void {
    this.#process.kill(signal);
  }

  async end(signal: 'SIGKILL' | 'SIGTERM'): Promise<void> {
    this.#expected = true;
    if (!this.#gone) this.#process.kill(signal);
    await this.closed;
  }
}
