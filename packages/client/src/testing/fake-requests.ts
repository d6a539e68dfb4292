import { type ClientFrame, type CodecName, type ServerFrame, createServerCodec, packEvent } from '@longwave/protocol';
import type { PostRequest, RequestEvents } from '../transports/post-request.js';

/** The server's end of one request, played by a test. */
export class FakeRequest {
  readonly route: string;
  readonly query: URLSearchParams;
  readonly frames: readonly ClientFrame[];
  givenUp = false;
  ended = false;
  readonly #codec;
  readonly #events: RequestEvents;

  constructor(url: string, body: string | Uint8Array, events: RequestEvents) {
    const { pathname, searchParams } = new URL(url);
    this.route = pathname.slice(pathname.lastIndexOf('/') + 1);
    this.query = searchParams;
    this.#codec = createServerCodec(searchParams.get('codec') as CodecName);
    this.frames = this.#codec.decode(body) as ClientFrame[];
    this.#events = events;
  }

  get open(): boolean {
    return !this.givenUp && !this.ended;
  }

  get types(): string[] {
    return this.frames.map(({ type }) => type);
  }

  /** One message with these frames. */
  say(...frames: ServerFrame[]): this {
    const message = this.#codec.join(frames.map((frame) => this.#codec.encode(frame)));
    if (this.open) this.#events.onPiece(packEvent(message));
    return this;
  }

  end(complete = true, reason?: string, status?: number): void {
    if (!this.open) return;
    this.ended = true;
    this.#events.onEnd(complete, reason, status);
  }
}

/** Requests that wait for the test to answer them. */
export class FakeRequests {
  readonly all: FakeRequest[] = [];

  readonly post: PostRequest = (url, body, events) => {
    const request = new FakeRequest(url, body, events);
    this.all.push(request);
    return () => {
      request.givenUp = true;
    };
  };

  /** Those under way that carry messages up. */
  get up(): FakeRequest[] {
    return this.all.filter(({ route, open }) => open && route === 'send');
  }

  /** The one under way that carries messages down. */
  get down(): FakeRequest {
    const open = this.all.filter((request) => request.open && request.route !== 'send');
    if (open.length !== 1) throw new Error(`${open.length} requests carry messages down.`);
    return open[0]!;
  }
}
