import type { ServerResponse } from 'node:http';
import type { Sink, Wire } from '@longwave/core';
import { type ErrorFrame, type ServerFrame, codes } from '@longwave/protocol';
import { HttpProblem } from '../http/problem.js';
import { endSoon, responseTimeoutMs } from '../http/plug.js';
import { commentText, positionText, resetText, retryText, standText } from './event-text.js';
import { refuse } from '../http/refuse.js';

/** Milliseconds after which a browser whose stream broke comes back. */
const retryMs = 1000;

/**
 * A session whose peer is an HTTP client that only reads (READ-1). The response begins when the session knows whether
 * there is something to read, so that a refusal still has its status.
 */
export class EventLink implements Sink {
  readonly wire: Wire;
  readonly kind = 'downstream';
  readonly #response: ServerResponse;

  constructor(wire: Wire, response: ServerResponse) {
    this.wire = wire;
    this.#response = response;
  }

  tell(frame: ServerFrame): void {
    switch (frame.type) {
      case 'subscribed':
        begin(this.#response);
        this.#say(retryText(retryMs) + (frame.reset ? resetText({ ...frame, reason: frame.reset }) : standText(frame)));
        return;
      case 'reset':
        this.#say(resetText(frame));
        // Nothing follows it: the browser asks again, and is refused.
        if (frame.reason === 'revoked') this.close();
        return;
      case 'top':
        return this.#say(commentText(`top ${positionText(frame)}`));
      case 'ping':
        return this.#say(commentText('ping'));
      case 'goaway':
        return this.#say(retryText(frame.retryAfterMs));
      case 'error':
        return this.#fail(frame);
      case 'ask':
      case 'message':
      case 'changes':
      case 'exited':
      case 'connected':
      case 'done':
      case 'ack':
      case 'reply':
      case 'page':
      case 'pong':
      case 'snapshot':
        return;
    }
  }

  /** Before the stream has begun there is nobody to hear it. */
  #say(text: string): void {
    if (this.#response.headersSent && !this.#response.writableEnded) this.#response.write(text);
  }

  /** READ-4: EventSource never comes back from another status than 200, so what may pass is no refusal. */
  #fail({ code, message, retryAfterMs }: ErrorFrame): void {
    const response = this.#response;
    if (response.headersSent) this.#say(commentText(`${code}: ${message}`));
    else if (codes[code].advice === 'retry') putOff(response, code, retryAfterMs);
    else refuse(response, new HttpProblem(code, message));
    this.close();
  }

  write(chunk: Uint8Array): boolean {
    return this.#response.write(chunk);
  }

  close(): void {
    if (!this.#response.writableEnded) this.#response.end();
    // A peer that reads no more must not hold the response for ever.
    endSoon(this.#response, responseTimeoutMs);
  }

  // A reader says nothing, and each chunk is one write.
  pause(): void {}
  resume(): void {}
  cork(): void {}
  uncork(): void {}
}

/** Sends a browser away that is to come back by itself. */
export function putOff(response: ServerResponse, why: string, retryAfterMs = retryMs): void {
  // On another connection, which a load balancer may bring elsewhere.
  response.shouldKeepAlive = false;
  begin(response);
  response.end(retryText(retryAfterMs) + commentText(why));
}

function begin(response: ServerResponse): void {
  response.writeHead(200, {
    'Content-Type': 'text/event-stream; charset=utf-8',
    'Cache-Control': 'no-store, no-transform',
    // nginx, and others that took it over: pass on each piece as it comes.
    'X-Accel-Buffering': 'no',
    'X-Content-Type-Options': 'nosniff',
  });
}
