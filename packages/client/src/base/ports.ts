import type { CodecName, Encoded } from '@longwave/protocol';

/** How a link ended. `code` is a close code of RFC 6455 §7.4 or of `codes.ts`, if the transport has one. */
export interface LinkClose {
  readonly code?: number | undefined;
  readonly reason?: string | undefined;
  /**
   * Set when nobody answered. `refused`: the host knows that nothing listens at the address, so another transport would
   * not help. `perhaps`: the host cannot tell that from a message that was held back on its way.
   */
  readonly unanswered?: 'refused' | 'perhaps' | undefined;
}

/** Events of one link, which a transport reports to the client. */
export interface LinkEvents {
  /** The link is open: messages may be sent from now on. */
  onOpen(): void;
  /** A message came. `aside`: it came over a request of its own, so it does not prove that the way down works. */
  onMessage(message: Encoded, aside?: boolean): void;
  /**
   * Only on a link made of requests: messages that were sent and not answered yet may be lost, and no answer to them
   * follows. The link goes on.
   */
  onLost(): void;
  /** The request that carries messages down has ended, as requests do: the client calls `renew` for the next. */
  onRenew(): void;
  /** The link failed to open, or has ended. The last event. */
  onClose(close: LinkClose): void;
}

/** The content of the next request that carries messages down (HTTP-3). */
export interface Renewal {
  /** `connect`, and a `subscribe` for each subscription from its present position. */
  readonly message: Encoded;
  /** `connect` alone: it goes in front of each message that is sent up. */
  readonly connect: Encoded;
  /** Most bytes of one message, without the `connect` in front of it. */
  readonly messageBytes: number;
  /** Makes one message of several. */
  join(messages: readonly Encoded[]): Encoded;
  /** True when the server should answer at once, even without news. */
  readonly atOnce: boolean;
}

/** One attempt at a connection, and the connection if it succeeds. */
export interface Link {
  /**
   * Only on a link made of requests: begins the next request that carries messages down, and ends the one before. Such
   * a link is open from the start, `onOpen` never comes, and nothing is sent before the first `renew`.
   */
  renew?(renewal: Renewal): void;
  /**
   * Messages may be sent before `onOpen`: one that is sent in the turn of `connect` MAY go with the request that opens the link, all
   * others follow once it is open.
   */
  readonly early?: boolean;
  /**
   * Sends one message. MUST keep the order, except on a link made of requests, where several are on their way (PUB-7).
   * MUST NOT throw, and MUST NOT be called before `onOpen`, but on a link that is `early`. A message may be lost when the link ends.
   */
  send(message: Encoded): void;
  /** Ends the link, open or not. MUST free what it holds; no event MUST follow it. */
  close(code?: number, reason?: string): void;
  /** Bytes that `send` took and the network has not, if known. */
  readonly bufferedBytes?: number;
}

/** A way to carry messages to a server and back (WIRE-1). */
export interface Transport {
  /** Shows in {@link ConnectionState}. */
  readonly name: string;
  /**
   * Begins to open a link. Events MUST come one at a time and never before `connect` has returned.
   * A failure comes as `onClose`; an exception counts as a failure. `url` is the URL of the endpoint, with the scheme
   * `http` or `https`.
   */
  connect(url: string, codec: CodecName, events: LinkEvents): Link;
}

/** A timer that a {@link Clock} has set. */
export interface Timer {
  /** Stops the timer: the callback MUST NOT run afterwards. Harmless when it has run, and when repeated. */
  cancel(): void;
}

/** Time. The client takes the time and all its timers from here. */
export interface Clock {
  /** Milliseconds since the Unix epoch. MAY jump: the client allows for it. */
  now(): number;
  /** Runs `callback` once, after at least `delayMs`, and never before `setTimer` has returned. */
  setTimer(callback: () => void, delayMs: number): Timer;
}

/** The host's knowledge of the network and of its user. */
export interface Environment {
  /**
   * Calls `listener` when the host comes back online or goes offline, and when the page becomes visible after it was
   * hidden, frozen or in the back/forward cache. Returns a function that removes the listener.
   */
  onWake(listener: (why: 'online' | 'offline' | 'visible') => void): () => void;
  /** Returns false only when the host is surely offline, undefined when it cannot tell. */
  isOnline(): boolean | undefined;
  /** Remembers, for this network, the name of the transport that worked where better ones did not (CLI-7). */
  readonly memory?: TransportMemory | undefined;
}

/** Remembers which transport worked on this network, over reloads of the page. */
export interface TransportMemory {
  get(): string | undefined;
  /** Remembers a name; undefined forgets it. */
  set(name: string | undefined): void;
}

/** A fault that no promise tells of, for logs, metrics and tests. The client has dealt with all but `closed`. */
export interface Diagnostic {
  readonly kind:
    /** A frame from the server could not be read, or was not expected. It was ignored. */
    | 'bad-frame'
    /** Operations were missing before one that came: the client reads the channel again from its position. */
    | 'gap'
    /** Nothing came from the server for too long: the client gives the connection up. */
    | 'silence'
    /** `token` failed, or did not answer in time. */
    | 'token'
    /** A part of the client could not be loaded, as its network or server is away: the client tries again. */
    | 'load'
    /** A transport did not get through: the client tries another. */
    | 'transport'
    /** No server has let the client in yet, which tried three times and goes on: a wrong address, perhaps, or a refused origin. */
    | 'unreachable'
    /** The server refused or ended a subscription that has a handler and no `onEnd`. */
    | 'ended'
    /** The server refused the client, which does not try again (CLI-2). `cause` is the error of {@link ConnectionState}. */
    | 'closed';
  readonly message: string;
  readonly channel?: string | undefined;
  readonly cause?: unknown;
}

/** Checks around the calls of a client, for its option `checks`. `callChecks` makes them. */
export interface CallChecks {
  /** Surrounds a call to the server, which `ask` makes. */
  call(method: string, input: unknown, ask: () => Promise<unknown>): Promise<unknown>;
  /** Surrounds a call of the server, which `handle` answers. */
  answer(method: string, input: unknown, handle: (input: unknown) => unknown): Promise<unknown>;
}

/** Everything through which the client reaches its host. */
export interface Ports {
  /** The best first. */
  readonly transports: readonly Transport[];
  readonly clock: Clock;
  readonly environment: Environment;
  /** Returns a number from 0 up to, and without, 1. It spreads reconnects (CLI-1). */
  readonly random: () => number;
  /** Gets the error that an application's handler threw. MUST NOT throw. */
  readonly reportError: (error: unknown) => void;
  /** `heard`: a handler of the application was told of it already. */
  readonly onDiagnostic: (diagnostic: Diagnostic, heard?: boolean) => void;
}
