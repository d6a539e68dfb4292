import { type ChildProcess, fork } from 'node:child_process';
import { constants } from 'node:os';
import { fileURLToPath } from 'node:url';
import { KillLimit } from './demo/kill-limit.js';
import { type FromServer, type FromSupervisor, spareVariable } from './demo/messages.js';

const main = fileURLToPath(new URL('main.js', import.meta.url));
/** For the answer to reach the page. */
const graceMs = 150;
/** A server that others kill sooner than this after its start is not replaced. */
const minLifeMs = 2000;

/**
 * Runs the gallery's server in a process of its own and replaces it when that was killed, by its visitors or otherwise: `kill -9` is
 * what the tabs survive. A server that ends by itself ends this process too, with its exit code. From the first visitor on who may kill it, a
 * spare process has loaded the server's code and waits: it serves a moment after a death, also on a busy machine.
 */
class Supervisor {
  readonly #limit = new KillLimit();
  readonly #onListening: () => void;
  #port: string | undefined;
  #wantsSpare = false;
  #spare: ChildProcess | undefined;

  constructor(port: string | undefined, onListening: () => void) {
    this.#port = port;
    this.#onListening = onListening;
  }

  start(): void {
    const child = this.#take();
    let listeningSince: number | undefined;
    let isAskedFor = false;
    let isEnding = false;

    child.on('message', (message: FromServer) => {
      switch (message.kind) {
        case 'listens':
          listeningSince = performance.now();
          // The same one from now on, also where the system chose it.
          this.#port = String(message.port);
          this.#onListening();
          this.#makeSpare();
          break;
        case 'may-be-killed':
          this.#wantsSpare = true;
          this.#makeSpare();
          break;
        case 'kill-me': {
          const waitMs = this.#limit.take(performance.now());
          send(child, { kind: 'answer', id: message.id, waitMs });
          if (waitMs > 0) break;
          isAskedFor = true;
          setTimeout(() => child.kill('SIGKILL'), graceMs);
          break;
        }
      }
    });

    const end = (): void => {
      this.#spare?.kill('SIGKILL');
      // The second time it waits for nothing.
      child.kill(isEnding ? 'SIGKILL' : 'SIGTERM');
      isEnding = true;
    };
    process.on('SIGINT', end).on('SIGTERM', end);
    child.once('exit', (code, signal) => {
      process.off('SIGINT', end).off('SIGTERM', end);
      const livedMs = listeningSince === undefined ? 0 : performance.now() - listeningSince;
      if (signal === 'SIGKILL' && !isEnding && (isAskedFor || livedMs >= minLifeMs)) {
        console.log('The server was killed. Another takes its place.');
        this.start();
        return;
      }
      this.#spare?.kill('SIGKILL');
      process.exit(code ?? 128 + constants.signals[signal ?? 'SIGTERM']);
    });
  }

  /** The next server. */
  #take(): ChildProcess {
    const spare = this.#spare;
    this.#spare = undefined;
    if (!spare) return fork(main, { env: { ...process.env, ...(this.#port !== undefined && { PORT: this.#port }) } });
    send(spare, { kind: 'begin' });
    return spare;
  }

  #makeSpare(): void {
    if (!this.#wantsSpare || this.#spare || this.#port === undefined) return;
    const spare = fork(main, { env: { ...process.env, PORT: this.#port, [spareVariable]: '1' } });
    this.#spare = spare;
    spare.once('exit', () => {
      if (this.#spare === spare) this.#spare = undefined;
    });
  }
}

function send(child: ChildProcess, message: FromSupervisor): void {
  // One that is gone is replaced.
  child.send(message, () => undefined);
}

// A module that imports this one goes on once there is a server.
await new Promise<void>((resolve) => new Supervisor(process.env['PORT'], resolve).start());
