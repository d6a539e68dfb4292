import type { IncomingMessage, ServerResponse } from 'node:http';
import type { Duplex } from 'node:stream';

/**
 * Requests that wait before reading is held back. Below it the end of a connection is noticed at once, beyond it when
 * what is at work has been answered.
 */
const maxWaiting = 64;

interface Line {
  /** The one that is at work. */
  response: ServerResponse;
  readonly waiting: { readonly response: ServerResponse; readonly work: () => void }[];
  /** Is called when the connection is to be read from again. */
  readonly onResume: () => void;
}

/**
 * One request at a time of each HTTP/1.1 connection is at work. Node begins all pipelined requests at once, and each
 * could hold a session: here the next one waits for the response before it, and when many wait, no more is read
 * (HTTP-14). Over HTTP/2 the number of streams is bounded.
 */
export class RequestQueues {
  readonly #lines = new WeakMap<Duplex, Line>();

  /** Does `work` when those before it are answered. Never, when its connection has ended before. */
  run({ httpVersionMajor, socket }: IncomingMessage, response: ServerResponse, work: () => void): void {
    if (httpVersionMajor > 1) return work();
    const line = this.#lines.get(socket);
    if (!line) this.#begin(socket, lineOf(socket, response), work);
    // A request that is at work already: it may ask here more than once.
    else if (line.response === response) work();
    else {
      const waiting = line.waiting.push({ response, work });
      if (waiting === 1) socket.on('resume', line.onResume);
      if (waiting >= maxWaiting) socket.pause();
    }
  }

  #begin(socket: Duplex, line: Line, work: () => void): void {
    this.#lines.set(socket, line);
    line.response.once('close', () => this.#next(socket, line));
    work();
  }

  #next(socket: Duplex, line: Line): void {
    const next = socket.destroyed ? undefined : line.waiting.shift();
    if (line.waiting.length === 0) socket.off('resume', line.onResume);
    if (line.waiting.length < maxWaiting && socket.isPaused()) socket.resume();
    if (!next) return void this.#lines.delete(socket);
    line.response = next.response;
    this.#begin(socket, line, next.work);
  }
}

function lineOf(socket: Duplex, response: ServerResponse): Line {
  const waiting: Line['waiting'] = [];
  // Node reads on by itself when it takes the body of any of these requests for wanted.
  const onResume = (): void => {
    if (waiting.length >= maxWaiting) socket.pause();
  };
  return { response, waiting, onResume };
}
