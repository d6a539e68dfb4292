import type { IncomingMessage, ServerResponse } from 'node:http';
import type { Duplex } from 'node:stream';

interface Line {
  /** Whose turn it is. */
  response: ServerResponse;
  readonly waiting: { readonly response: ServerResponse; readonly work: () => void }[];
}

/**
 * One request at a time of each HTTP/1.1 connection is at work. Node begins all that are pipelined at once, and each could
 * hold a session: the next waits here for the response before it, and those behind are not read (HTTP-14). Over HTTP/2 the
 * number of streams is bounded.
 */
export class RequestTurns {
  readonly #lines = new WeakMap<Duplex, Line>();

  /** Does `work` when the request's turn comes. Never, when its connection has ended before. */
  run({ httpVersionMajor, socket }: IncomingMessage, response: ServerResponse, work: () => void): void {
    if (httpVersionMajor > 1) return work();
    const line = this.#lines.get(socket);
    if (!line) this.#begin(socket, { response, waiting: [] }, work);
    // Of a request whose turn it is: who hands it on has asked as well.
    else if (line.response === response) work();
    else {
      line.waiting.push({ response, work });
      socket.pause();
    }
  }

  #begin(socket: Duplex, line: Line, work: () => void): void {
    this.#lines.set(socket, line);
    line.response.once('close', () => this.#next(socket, line));
    work();
  }

  #next(socket: Duplex, line: Line): void {
    const next = socket.destroyed ? undefined : line.waiting.shift();
    if (next) {
      line.response = next.response;
      return this.#begin(socket, line, next.work);
    }
    this.#lines.delete(socket);
    if (socket.isPaused()) socket.resume();
  }
}
