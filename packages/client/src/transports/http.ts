import { type CodecName, type Encoded, codes, createEventReader } from '@longwave/protocol';
import type { Link, LinkEvents, Renewal, Transport } from '../base/ports.js';
import { encodedSize } from '../base/encoded-size.js';
import { fetchRequest } from './fetch-request.js';
import type { PostRequest, RequestEvents } from './post-request.js';
import { takeSlot } from './slots.js';

/** Options of {@link streamTransport} and {@link pollTransport}. */
export interface HttpTransportOptions {
  /** How a request is made. Default: `fetch`. */
  readonly request?: PostRequest;
}

/** Requests that carry messages up at a time: a browser opens six connections to a server, and others want some too. */
const maxUpstream = 3;
/** So many failures of them in a row are borne. */
const maxFailures = 2;
/** The status that refuses a body for its size (RFC 9110 §15.5.14): the same body is refused each time. */
const tooLarge = 413;
/** The server answers within 20 s (HTTP-4). */
const upstreamMs = 25_000;
/** A poll is asked to wait as long: shorter than proxies are patient. */
const holdMs = 25_000;
/** Between the polls of a tab that may hold no connection open. */
const shortPollMs = 2_000;

/**
 * A transport over HTTP: messages come down in one response that does not end, and go up in requests of their own
 * (HTTP-1).
 * @example
 * ```ts
 * const client = connect(url, { transport: [streamTransport(), pollTransport()] });
 * ```
 */
export function streamTransport(options: HttpTransportOptions = {}): Transport {
  return httpTransport('stream', options);
}

/**
 * Long polling: as {@link streamTransport}, with one response for each piece of news, for proxies that hold a response
 * until it is complete.
 * @example
 * ```ts
 * const client = connect(url, { transport: pollTransport() });
 * ```
 */
export function pollTransport(options: HttpTransportOptions = {}): Transport {
  return httpTransport('poll', options);
}

function httpTransport(name: 'stream' | 'poll', { request = fetchRequest }: HttpTransportOptions): Transport {
  return { name, connect: (url, codec, events) => new HttpLink(name, url, codec, events, request) };
}

/** One virtual link: a request at a time that carries messages down, and a few that carry them up (HTTP-3, HTTP-4). */
class HttpLink implements Link {
  readonly #name: string;
  readonly #url: string;
  readonly #codec: CodecName;
  readonly #events: LinkEvents;
  readonly #request: PostRequest;
  readonly #upstream = new Set<() => void>();
  #queue: Encoded[] = [];
  #renewal: Renewal | undefined;
  #giveUpDown = (): void => {};
  /** Gives back the connection that is held open: undefined where none may be. */
  #release: (() => void) | undefined;
  #taking = false;
  #heardOnce = false;
  /** Upstream requests that failed in a row. */
  #failures = 0;
  #closed = false;

  constructor(name: string, url: string, codec: CodecName, events: LinkEvents, request: PostRequest) {
    this.#name = name;
    this.#url = url;
    this.#codec = codec;
    this.#events = events;
    this.#request = request;
  }

  get bufferedBytes(): number {
    return this.#queue.reduce((bytes, message) => bytes + encodedSize(message), 0);
  }

  renew(renewal: Renewal): void {
    this.#renewal = renewal;
    if (this.#taking) return;
    if (this.#release) return this.#ask();
    this.#taking = true;
    takeSlot((release) => {
      this.#taking = false;
      if (this.#closed) return release?.();
      this.#release = release;
      this.#ask();
    });
  }

  /** The request that carries messages down: one that is soon answered, where none may be held open (CLI-13). */
  #ask(repeated = false): void {
    const { message, atOnce } = this.#renewal!;
    const isShort = !this.#release;
    const name = isShort ? 'poll' : this.#name;
    this.#giveUpDown();
    const hold = name === 'poll' ? `&hold=${holdMs}${atOnce || isShort ? '&now=1' : ''}` : '';
    let heard = false;
    this.#giveUpDown = this.#post(`${name}?codec=${this.#codec}${hold}`, message, {
      onMessage: (told) => {
        heard = this.#heardOnce = true;
        this.#events.onMessage(told);
      },
      onEnd: (_, reason, status) => {
        if (heard) this.#askNext(isShort);
        // A connection kept alive may have been closed by the server just as we used it.
        else if (this.#heardOnce && !repeated) this.#ask(true);
        else this.#fail(reason, status);
      },
    });
  }

  #askNext(isShort: boolean): void {
    if (!isShort) return this.#events.onRenew();
    const timer = setTimeout(() => this.#events.onRenew(), shortPollMs);
    this.#giveUpDown = () => clearTimeout(timer);
  }

  send(message: Encoded): void {
    this.#queue.push(message);
    this.#pump();
  }

  close(): void {
    this.#closed = true;
    this.#giveUpDown();
    this.#release?.();
    for (const giveUp of this.#upstream) giveUp();
  }

  /** Messages that gathered while other requests were on their way go together. */
  #pump(): void {
    const { connect, messageBytes, join } = this.#renewal!;
    while (this.#queue.length > 0 && this.#upstream.size < maxUpstream && !this.#closed) {
      const parts = [connect];
      let bytes = 0;
      do {
        const message = this.#queue.shift()!;
        parts.push(message);
        bytes += encodedSize(message) + 1;
      } while (this.#queue.length > 0 && bytes + encodedSize(this.#queue[0]!) <= messageBytes);
      const giveUp = this.#post(
        `send?codec=${this.#codec}`,
        join(parts),
        {
          onMessage: (message) => this.#events.onMessage(message, true),
          onEnd: (complete, reason, status) => {
            this.#upstream.delete(giveUp);
            if (complete) {
              this.#failures = 0;
              this.#pump();
            } else this.#failUpstream(reason, status);
          },
        },
        upstreamMs,
      );
      this.#upstream.add(giveUp);
    }
  }

  #post(
    path: string,
    body: Encoded,
    { onMessage, onEnd }: { onMessage(message: Encoded): void; onEnd: RequestEvents['onEnd'] },
    limitMs?: number,
  ): () => void {
    const read = createEventReader(this.#codec);
    let given = false;
    const [base, query] = this.#url.split('?');
    const giveUp = this.#request(
      `${base}/${path}${query ? `&${query}` : ''}`,
      body,
      {
        onPiece: (piece) => {
          // A message may end the link.
          for (const message of read(piece)) if (!given) onMessage(message);
        },
        onEnd: (complete, reason, status) => {
          if (!given) onEnd(complete, reason, status);
        },
      },
      limitMs,
    );
    return () => {
      given = true;
      giveUp();
    };
  }

  /**
   * A node may have gone that another stands in for: what was on its way is sent again, to whoever answers (HTTP-4).
   */
  #failUpstream(reason: string | undefined, status: number | undefined): void {
    if (status === tooLarge || ++this.#failures > maxFailures) return this.#fail(reason, status);
    this.#queue = [];
    for (const giveUp of this.#upstream) giveUp();
    this.#upstream.clear();
    this.#events.onLost();
  }

  #fail(reason: string | undefined, status: number | undefined): void {
    this.close();
    const unanswered =
      status === undefined && !this.#heardOnce
        ? /ECONNREFUSED/.test(reason ?? '')
          ? 'refused'
          : 'perhaps'
        : undefined;
    // A server that is full or draining says so, and that is no reason to try another transport; nor is a body that is
    // too large.
    const code = status === 503 ? 'unavailable' : status === tooLarge ? 'too-large' : undefined;
    this.#events.onClose({ code: code && codes[code].close, reason, unanswered });
  }
}
