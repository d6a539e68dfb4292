import type { Ask, Connected, Exited, LongwaveError } from '@longwave/protocol';
import type { Backoff } from './backoff.js';
import type { ConnectionState } from './connection-state.js';
import type { TransportFallback } from './transport-fallback.js';
import type { Settings } from '../base/options.js';
import type { Ports } from '../base/ports.js';
import type { Late } from '../base/late.js';
import type { LinkExchange, LinkExchangeParts } from './link-exchange.js';
import type { TokenSource } from './token-source.js';
import type { ChannelFrame, Fate, FrameSender } from './frame-sender.js';

export interface ConnectionParts {
  readonly ports: Ports;
  readonly settings: Settings;
  readonly tokens: TokenSource;
  readonly backoff: Backoff;
  readonly sender: FrameSender;
  readonly fallback: TransportFallback;
  readonly exchange: (parts: LinkExchangeParts) => Late<LinkExchange>;
}

export interface ConnectionEvents {
  /** `connect` was sent: what is subscribed to is to follow, on this link or request (SES-2, HTTP-3). */
  onOpen(): void;
  /** Requests may follow. */
  onRoom(): void;
  onConnected(frame: Connected): void;
  onChannelFrame(frame: ChannelFrame): void;
  /** The server calls. */
  onAsk(frame: Ask): void;
  onExited(frame: Exited): void;
  onDown(fate: Fate): void;
  /** A message was larger than the server takes. True: what was in it is given up, and the rest may be sent. */
  onTooLarge(): boolean;
  /** Requests in flight are lost, and the link goes on. */
  onLost(): void;
  /** For good. */
  onEnd(error: LongwaveError): void;
  onState(state: ConnectionState): void;
}
