import type { CodecName, Encoded } from '@longwave/protocol';

/** How a link ended. `code` is a close code of RFC 6455 §7.4 or of `codes.ts`, where the transport has one. */
export interface LinkClose {
  readonly code?: number | undefined;
  readonly reason?: string | undefined;
  /**
   * Nobody answered: `refused` where the host knows that nothing listens there, which no other transport would change;
   * `perhaps` where it cannot tell that from a message that was kept back.
   */
  readonly unanswered?: 'refused' | 'perhaps' | undefined;
}

/** What a transport tells of one link. */
export interface LinkEvents {
  /** Messages may be sent from now on. */
  onOpen(): void;
  /** `aside`: it came over a request of its own, and proves nothing of what else is to come. */
  onMessage(message: Encoded, aside?: boolean): void;
  /**
   * Only on a link made of requests: what was sent and is not answered yet may be lost, and no answer to it follows. The
   * link goes on.
   */
  onLost(): void;
  /** What carries messages down has come to its end, as requests do: `renew` asks on. */
  onRenew(): void;
  /** The link failed to open, or has ended. The last event. */
  onClose(close: LinkClose): void;
}

/** What a link made of requests asks for with each of those that carry messages down (HTTP-3). */
export interface Renewal {
  /** `connect`, and a `subscribe` for every subscription, from where it stands. */
  readonly message: Encoded;
  /** `connect` alone, to go in front of what is sent up. */
  readonly connect: Encoded;
  /** Bytes of one message, without the `connect` in front of it. */
  readonly messageBytes: number;
  /** One message of several. */
  join(messages: readonly Encoded[]): Encoded;
  /** The client waits for the server's word, even if there is no news. */
  readonly atOnce: boolean;
}

/** One attempt at a connection, and the connection that comes of it. */
export interface Link {
  /**
   * Only on a link made of requests. Has what carries messages down begin anew; the one before it ends. Such a link is
   * open from the start, and `onOpen` never comes; nothing is sent before the first `renew`.
   */
  renew?(renewal: Renewal): void;
  /**
   * Sends one message. MUST keep the order, but for a link made of requests, of which several are on their way (PUB-7).
   * MUST NOT throw, and MUST NOT be called before `onOpen`.
   * What is sent on a link that is about to end may be lost.
   */
  send(message: Encoded): void;
  /** Ends the link, open or not. MUST free what it holds; no event MUST follow it. */
  close(code?: number, reason?: string): void;
  /** Bytes accepted by `send` and not yet handed to the network, where that is known. */
  readonly bufferedBytes?: number;
}

/** A way to carry messages to a server and back (WIRE-1). */
export interface Transport {
  /** Shows in {@link ConnectionState}. */
  readonly name: string;
  /**
   * Begins to open a link. Events MUST come one at a time and never before `connect` has returned.
   * A failure comes as `onClose`; an exception is taken for one. `url` is that of the endpoint, with an
   * `http` or `https` scheme.
   */
  connect(url: string, codec: CodecName, events: LinkEvents): Link;
}

export interface Timer {
  /** After it the callback MUST NOT run. Harmless when it has run, and when repeated. */
  cancel(): void;
}

/** Time. Everything in the client that waits, waits here. */
export interface Clock {
  /** Milliseconds since the Unix epoch. MAY jump: the client allows for it. */
  now(): number;
  /** Runs `callback` once, not before `delayMs` have passed and never before `setTimer` has returned. */
  setTimer(callback: () => void, delayMs: number): Timer;
}

/** What the host knows of the network and of its user. */
export interface Environment {
  /**
   * Calls `listener` when the host comes back online or goes offline, and when the page becomes visible after it was
   * hidden, frozen or in the back/forward cache. Returns how to stop.
   */
  onWake(listener: (why: 'online' | 'offline' | 'visible') => void): () => void;
  /** False only when the host is sure to be offline; undefined when it cannot tell. */
  isOnline(): boolean | undefined;
  /** Keeps, for this network, the name of the transport that got through where better ones did not (CLI-7). */
  readonly memory?: TransportMemory | undefined;
}

export interface TransportMemory {
  get(): string | undefined;
  /** Undefined: nothing is to be remembered. */
  set(name: string | undefined): void;
}

/** Something that should not happen and that the client has dealt with. For logs, metrics and tests. */
export interface Diagnostic {
  readonly kind:
    /** A frame from the server could not be read, or made no sense where it came; it was ignored. */
    | 'bad-frame'
    /** Operations were missing before one that came: the channel is being read again from the position. */
    | 'gap'
    /** Nothing was heard for too long: the connection is given up. */
    | 'silence'
    /** `token` failed, or did not answer in time. */
    | 'token'
    /** A transport did not get through: another is tried. */
    | 'transport';
  readonly message: string;
  readonly channel?: string | undefined;
  readonly cause?: unknown;
}

/** Everything through which the client reaches its host. */
export interface Ports {
  /** The best first. */
  readonly transports: readonly Transport[];
  readonly clock: Clock;
  readonly environment: Environment;
  /** At least 0, less than 1. Spreads reconnects (CLI-1). */
  readonly random: () => number;
  /** Gets what an application's handler threw. MUST NOT throw. */
  readonly reportError: (error: unknown) => void;
  readonly onDiagnostic: (diagnostic: Diagnostic) => void;
}
