import {
  type BadFrame,
  type ClientFrame,
  type CodecName,
  type Encoded,
  type ServerCodec,
  type ServerFrame,
  createServerCodec,
} from '@longwave/protocol';
import type { Link, LinkClose, LinkEvents, Transport } from '../base/ports.js';

/** The server's end of one link, played by a test. */
export class FakeLink implements Link {
  readonly url: string;
  readonly codec: ServerCodec;
  /** Messages the client sent, not yet looked at. */
  messages: Encoded[] = [];
  closedByClient = false;
  bufferedBytes = 0;
  readonly #events: LinkEvents;
  #ended = false;

  constructor(url: string, codec: CodecName, events: LinkEvents) {
    this.url = url;
    this.codec = createServerCodec(codec);
    this.#events = events;
  }

  get ended(): boolean {
    return this.#ended;
  }

  send(message: Encoded): void {
    if (!this.#ended) this.messages.push(message);
  }

  close(): void {
    if (this.#ended) return;
    this.#ended = true;
    this.closedByClient = true;
  }

  open(): void {
    if (!this.#ended) this.#events.onOpen();
  }

  /** The frames the client sent since the last time. */
  take(): ClientFrame[] {
    const messages = this.messages;
    this.messages = [];
    return messages.flatMap((message) => this.codec.decode(message).map(notBad));
  }

  /** One message with these frames. */
  say(...frames: ServerFrame[]): void {
    this.sayRaw(this.codec.join(frames.map((frame) => this.codec.encode(frame))));
  }

  sayRaw(message: Encoded): void {
    if (!this.#ended) this.#events.onMessage(message);
  }

  drop(close: LinkClose = { code: 1006 }): void {
    if (this.#ended) return;
    this.#ended = true;
    this.#events.onClose(close);
  }
}

function notBad(frame: ClientFrame | BadFrame): ClientFrame {
  if (frame.type === 'bad') throw new Error(`The client sent a bad frame: ${frame.message}`);
  return frame;
}

export class FakeTransport implements Transport {
  readonly name = 'fake';
  readonly links: FakeLink[] = [];

  connect(url: string, codec: CodecName, events: LinkEvents): Link {
    const link = new FakeLink(url, codec, events);
    this.links.push(link);
    return link;
  }

  get link(): FakeLink {
    const link = this.links.at(-1);
    if (!link) throw new Error('The client has not connected yet.');
    return link;
  }
}
