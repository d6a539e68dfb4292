import type { Ask, HistoryOptions, HistoryPage } from '@longwave/protocol';
import { type LongwaveError, toMessage } from '@longwave/protocol/client';
import type { RequestOptions } from '../api/api.js';
import type { Settings } from '../base/options.js';
import type { Ports } from '../base/ports.js';
import type { Backoff } from '../connection/backoff.js';
import type { Fate, FrameSender } from '../connection/frame-sender.js';
import type { TokenSource } from '../connection/token-source.js';
import type { Handlers } from './handlers.js';
import { Outbox } from './outbox.js';
import { OwnPublishes } from './own-publishes.js';
import { Requests } from './requests.js';
import { Responder } from './responder.js';
import { TokenRefresher } from './token-refresher.js';
import { LogReader, type ReadSubscription } from './log-reader.js';

/** The parts of a client that its {@link Sending} uses. */
export interface SendingParts {
  readonly ports: Ports;
  readonly settings: Settings;
  readonly sender: FrameSender;
  readonly backoff: Backoff;
  readonly tokens: TokenSource;
  readonly handlers: Handlers;
}

const defaultHistoryLimit = 100;

/** The part of a client for all that has an answer, but for subscriptions: publishes, calls in both directions, history, tokens. */
export class Sending {
  readonly requests: Requests;
  readonly outbox: Outbox;
  readonly own: OwnPublishes;
  readonly refresher: TokenRefresher;
  readonly #parts: SendingParts;
  readonly #responder: Responder;

  constructor(parts: SendingParts) {
    const { ports, settings, sender, backoff, tokens, handlers } = (this.#parts = parts);
    const { clock } = ports;
    this.requests = new Requests(sender, clock);
    this.own = new OwnPublishes(sender);
    this.outbox = new Outbox({ sender, clock, backoff, settings, own: this.own });
    this.refresher = new TokenRefresher(ports, tokens, this.requests, sender);
    this.#responder = new Responder(ports, sender, handlers);
  }

  answer(frame: Ask): void {
    void this.#responder.answer(frame);
  }

  async history(channel: string, query: HistoryOptions, limits: RequestOptions): Promise<HistoryPage<unknown>> {
    // Limits of the request go with no frame.
    const range = { ...query, limit: query.limit ?? defaultHistoryLimit, timeout: undefined, signal: undefined };
    const { ops, offset, floor, top, epoch } = await this.requests.ask('page', true, limits, (id) => {
      return { type: 'history', id, channel, ...range };
    });
    return {
      messages: ops.flatMap((op, i) =>
        op.kind === 'redact' ? [] : [toMessage(channel, { epoch, offset: offset + i }, op, true, this.own)],
      ),
      first: offset,
      last: offset + ops.length - 1,
      floor,
      top,
      epoch,
    };
  }

  reader(channel: string, subscription: ReadSubscription): LogReader {
    const { ports, backoff } = this.#parts;
    return new LogReader(
      { requests: this.requests, own: this.own, clock: ports.clock, backoff },
      channel,
      subscription,
    );
  }

  /** Sends what may be sent. */
  pump(): void {
    this.requests.pump();
    this.outbox.pump();
  }

  onDown(fate: Fate): void {
    this.refresher.stop();
    this.requests.onDown(fate);
    this.outbox.onDown(fate);
  }

  /** Requests in flight are lost, and the link goes on. */
  onLost(): void {
    this.requests.onDown('unknown');
    this.outbox.onDown('unknown');
    this.pump();
  }

  end(error: LongwaveError): void {
    this.requests.end(error);
    this.outbox.end(error);
  }
}

export function createSending(parts: SendingParts): Sending {
  return new Sending(parts);
}
