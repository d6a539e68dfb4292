import { EventEmitter } from 'node:events';

/** The place where a request came in, as the gate looks at it. */
export interface Place {
  readonly encrypted: boolean;
  readonly server: object;
}

/** Stands for the connection of one request: Bun shows none, and reads one request of it at a time. */
export class RequestSocket extends EventEmitter implements Place {
  readonly encrypted: boolean;
  readonly server: object;
  /** Asked for at once: Bun does not know it any more when the request has ended. */
  readonly remoteAddress: string | undefined;
  destroyed = false;

  constructor({ encrypted, server }: Place, remoteAddress: string | undefined) {
    super();
    this.encrypted = encrypted;
    this.server = server;
    this.remoteAddress = remoteAddress;
  }

  isPaused(): boolean {
    return false;
  }

  destroy(): void {
    this.destroyed = true;
  }
}
