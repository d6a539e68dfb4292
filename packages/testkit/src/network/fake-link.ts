import { type Encoded, utf8Decode } from '@longwave/protocol';
import type { Session } from '@longwave/core';
import type { Link, LinkEvents } from '@longwave/client';
import type { Host } from '../checking/host.js';
import type { Pipe } from './pipe.js';
import type { ServerEnd } from './server-end.js';

/** How a link can end without either side wanting it. */
export type Breakage =
  /** Both sides are told. */
  | 'cut'
  /** Nobody is told: a black hole. */
  | 'half-open'
  /** Only the server is told: the client believes in it. */
  | 'client-untold'
  /** Only the client is told: the server keeps a zombie. */
  | 'server-untold'
  /** Messages of the server get lost; those of the client arrive. */
  | 'deaf-client';

/** One attempt at a connection and what became of it: both ends and the two pipes between them. */
export class FakeLink implements Link {
  readonly clientHost: Host;
  readonly up: Pipe;
  readonly down: Pipe;
  readonly dialledAt: number;
  /** When the server took it. */
  acceptedAt = Infinity;
  /** When it was last in trouble; Infinity while it is. */
  troubledAt = -Infinity;
  server: ServerEnd | undefined;
  serverHost: Host | undefined;
  session: Session | undefined;
  #events: LinkEvents | undefined;
  /** Messages may be sent before it is open (WIRE-17). */
  readonly early: boolean;
  /** Messages that were sent before it opened. */
  readonly #unsent: Encoded[] = [];
  #opened = false;
  #broken = false;
  readonly #onMisuse: (what: string) => void;

  constructor(
    clientHost: Host,
    [up, down]: readonly [Pipe, Pipe],
    events: LinkEvents,
    early: boolean,
    onMisuse: (what: string) => void,
  ) {
    this.clientHost = clientHost;
    this.early = early;
    this.dialledAt = clientHost.clock.time;
    this.up = up;
    this.down = down;
    this.#events = events;
    this.#onMisuse = onMisuse;
  }

  // The client's end

  get bufferedBytes(): number {
    return 0;
  }

  send(message: Encoded): void {
    if (!this.#events) return;
    if (!this.#opened) {
      if (this.early) this.#unsent.push(message);
      else this.#onMisuse('send before onOpen');
      return;
    }
    this.up.send(() => this.toServer((session) => session.receive(message)));
  }

  close(): void {
    if (!this.#events) return;
    this.#events = undefined;
    this.up.send(() => this.toServer((session) => session.closed()));
  }

  /** The client still listens. */
  get attached(): boolean {
    return this.#events !== undefined;
  }

  get broken(): boolean {
    return this.#broken;
  }

  /** Has something told to the client, once it arrives there. */
  toClient(tell: (events: LinkEvents) => void): void {
    this.down.send(() => this.#tell(tell));
  }

  /** `takes`: the server has read the first message in the request. */
  open(takes: boolean): void {
    const first = takes ? this.#unsent.shift() : undefined;
    this.toClient((events) => {
      this.#opened = true;
      for (const message of this.#unsent.splice(0)) this.send(message);
      events.onOpen();
    });
    if (first !== undefined) this.toServer((session) => session.receive(first));
  }

  deliver(chunks: readonly Uint8Array[], text: boolean): void {
    this.down.send(() => {
      for (const chunk of chunks) this.#tell((events) => events.onMessage(text ? utf8Decode(chunk) : chunk));
    });
  }

  /** The last event. */
  end(code: number | undefined, reason?: string): void {
    this.toClient((events) => {
      this.#events = undefined;
      events.onClose({ code, reason });
    });
  }

  toServer(work: (session: Session) => void): void {
    const { server, session, serverHost } = this;
    if (server && session) serverHost?.run(() => server.receive(() => work(session)));
  }

  break(how: Breakage, afterMs: () => number): void {
    this.#broken = true;
    this.troubledAt = Infinity;
    this.down.kill();
    if (how === 'deaf-client') return;
    this.up.kill();
    const { clock } = this.clientHost;
    if (how === 'cut' || how === 'server-untold') {
      clock.after(afterMs(), () =>
        this.#tell((events) => {
          this.#events = undefined;
          events.onClose({ code: 1006 });
        }),
      );
    }
    if (how === 'cut' || how === 'client-untold') {
      // A dead link is told at once, whether the session reads or not.
      clock.after(afterMs(), () => this.serverHost?.run(() => this.session?.closed()));
    }
  }

  #tell(tell: (events: LinkEvents) => void): void {
    this.clientHost.run(() => {
      if (this.#events) tell(this.#events);
    });
  }
}
