import { fork } from 'node:child_process';
import { constants } from 'node:os';
import { fileURLToPath } from 'node:url';
import { KillLimit } from './demo/kill-limit.js';
import type { FromServer, FromSupervisor } from './demo/messages.js';

/**
 * Runs the gallery's server in a process of its own and starts it again when that was killed, by its visitors or otherwise: `kill -9` is
 * what the tabs survive. A server that ends by itself ends this process too, with its exit code.
 */
const main = fileURLToPath(new URL('main.js', import.meta.url));
const limit = new KillLimit();
/** For the answer to reach the page. */
const graceMs = 150;
/** A server that others kill sooner than this after its start is not started again. */
const minLifeMs = 2000;

/** `port` is the one of the server that was killed, also where the system chose it. `onListening` is told of the first one alone. */
function start(port: string | undefined, onListening: () => void): void {
  const child = fork(main, { env: { ...process.env, ...(port !== undefined && { PORT: port }) } });
  let current = port;
  let listeningSince: number | undefined;
  let isAskedFor = false;

  child.on('message', (message: FromServer) => {
    switch (message.kind) {
      case 'listens':
        listeningSince = performance.now();
        current = String(message.port);
        onListening();
        break;
      case 'kill-me': {
        const waitMs = limit.take(performance.now());
        child.send({ kind: 'answer', id: message.id, waitMs } satisfies FromSupervisor);
        if (waitMs > 0) break;
        isAskedFor = true;
        setTimeout(() => child.kill('SIGKILL'), graceMs);
        break;
      }
    }
  });

  let isEnding = false;
  // The second time it waits for nothing.
  const end = (): void => {
    child.kill(isEnding ? 'SIGKILL' : 'SIGTERM');
    isEnding = true;
  };
  process.on('SIGINT', end).on('SIGTERM', end);
  child.once('exit', (code, signal) => {
    process.off('SIGINT', end).off('SIGTERM', end);
    const livedMs = listeningSince === undefined ? 0 : performance.now() - listeningSince;
    if (signal === 'SIGKILL' && !isEnding && (isAskedFor || livedMs >= minLifeMs)) {
      console.log('The server was killed. It is started again.');
      start(current, () => undefined);
      return;
    }
    process.exit(code ?? 128 + constants.signals[signal ?? 'SIGTERM']);
  });
}

// Whoever imports this module goes on once there is a server.
await new Promise<void>((resolve) => start(process.env['PORT'], resolve));
