import type { Encoded } from '@longwave/protocol';
import type { Transport } from '@longwave/client';

/** Traits in which transports differ. */
export interface TransportTraits {
  /** Its links are made of requests: they have `renew`, need no opening, and know no close codes. Default false. */
  readonly requests?: boolean;
}

/**
 * The server's end of a link, as the test holds it. For a link made of requests it answers those that carry messages up
 * by itself.
 */
export interface TransportPeer {
  /** Resolves with the next message of the client, those of one request in their order. */
  receive(): Promise<Encoded>;
  send(message: Encoded): void;
  /** For a link made of requests it ends the one that carries messages down, without code and reason. */
  close(code: number, reason: string): void;
  /** Cuts the link without a word. */
  drop(): void;
  /** Resolves when the client's end is gone. */
  readonly closed: Promise<void>;
}

/** A request that carries messages down, held by the test. */
export interface DownRequest {
  readonly message: Encoded;
  /** The client waits for the server's word, even if there is no news; undefined where the transport need not say. */
  readonly atOnce: boolean | undefined;
  /** Sends a message; where it takes the whole response to carry one, it goes with `end`. */
  send(message: Encoded): void;
  end(): void;
  /** Cuts the connection. */
  drop(): void;
  /** Answers with a failure. */
  refuse(): void;
  readonly closed: Promise<void>;
}

/** A request that carries messages up, held by the test. */
export interface UpRequest {
  /** The messages that it carries, `connect` first. */
  readonly messages: readonly Encoded[];
  readonly bytes: number;
  /** Ends it, after this message. */
  answer(message?: Encoded): void;
  drop(): void;
  refuse(): void;
  readonly closed: Promise<void>;
}

/** Hands over each request as it comes. */
export interface RequestPeer {
  nextDown(): Promise<DownRequest>;
  nextUp(): Promise<UpRequest>;
  /** Open requests that carry messages up. */
  readonly openUps: number;
}

export interface TransportFixture {
  readonly transport: Transport;
  readonly url: string;
  /** Where nobody listens. */
  readonly deadUrl: string;
  /** Resolves with the next link that a client opens. */
  accept(): Promise<TransportPeer>;
  /** For a transport whose links are made of requests; the test uses this or `accept`. */
  readonly requests?: RequestPeer;
  close(): void | Promise<void>;
}
