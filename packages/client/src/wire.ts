import {
  type Ack,
  type ClientCodec,
  type ClientFrame,
  type Done,
  type Encoded,
  type ErrorFrame,
  type Message,
  type Page,
  type ReceivedOperation,
  type Reply,
  type Reset,
  type Subscribed,
  type Top,
  maxInflight,
  wireLimits,
} from '@longwave/protocol';
import type { Link } from './ports.js';
import { encodedSize } from './encoded-size.js';

/** A frame that answers a request. */
export type Answer = Ack | Done | ErrorFrame | Page<ReceivedOperation> | Reply | Subscribed;

/** A frame about a running subscription. */
export type ChannelFrame = Message<ReceivedOperation> | Reset | Top;

/** What became of the frames of a link that ended: `unhandled` when the server refused the connect (SES-3). */
export type Fate = 'unknown' | 'unhandled';

/** Beyond this much unsent the outbox waits for acknowledgements. */
const congestedBytes = 1024 * 1024;

/**
 * The sending half of the current link: requests and their answers, and frames gathered into
 * messages. Without a link nothing is sent; everybody sends anew when the next one opens.
 */
export class Wire {
  readonly codec: ClientCodec;
  /** The server has accepted us: what was sent on this link is being handled. */
  connected = false;
  /** Limit of one message; the server's own once `limitKnown`. */
  messageBytes: number = wireLimits.messageBytes;
  limitKnown = false;
  /** Called after each answer: there may be room for what waits. */
  onRoom: () => void = () => {};
  #link: Link | undefined;
  #nextId = 1;
  #batch: Encoded[] | undefined;
  readonly #answers = new Map<number, (answer: Answer) => void>();
  /** What the server has not answered of that of which it takes so many at a time, given up by us or not. */
  readonly #inflight = new Set<number>();

  constructor(codec: ClientCodec) {
    this.codec = codec;
  }

  /** Frames may be sent, at least behind `connect` (SES-2). */
  get open(): boolean {
    return this.#link !== undefined;
  }

  get congested(): boolean {
    return (this.#link?.bufferedBytes ?? 0) > congestedBytes;
  }

  /** The server takes no more publishes and calls now (LIM-1). */
  get full(): boolean {
    return this.#inflight.size >= maxInflight;
  }

  attach(link: Link): void {
    this.#link = link;
  }

  /** The link has ended: no answer will come. */
  detach(): void {
    this.#link = undefined;
    this.connected = false;
    this.#batch = undefined;
    this.#answers.clear();
    this.#inflight.clear();
  }

  send(frame: ClientFrame): void {
    this.#write(this.codec.encode(frame));
  }

  /** Sends the request called `id`. `onAnswer` is called at most once, with the answer of this link. */
  request(id: number, frame: ClientFrame | Encoded, onAnswer: (answer: Answer) => void): void {
    this.#answers.set(id, onAnswer);
    this.#write(typeof frame === 'string' || frame instanceof Uint8Array ? frame : this.codec.encode(frame));
  }

  /** As `request`, for what counts towards `full`. */
  requestInTurn(id: number, frame: Encoded, onAnswer: (answer: Answer) => void): void {
    this.#inflight.add(id);
    this.request(id, frame, onAnswer);
  }

  nextId(): number {
    return this.#nextId++;
  }

  /** The answer does not matter any more. */
  forget(id: number): void {
    this.#answers.delete(id);
  }

  /** An answer that nobody waits for any more is dropped. */
  answer(id: number, answer: Answer): void {
    const onAnswer = this.#answers.get(id);
    this.#answers.delete(id);
    this.#inflight.delete(id);
    onAnswer?.(answer);
    this.onRoom();
  }

  /** What `work` sends goes out together, in as few messages as the limits allow (WIRE-1). */
  gather(work: () => void): void {
    if (this.#batch) {
      work();
      return;
    }
    const batch: Encoded[] = [];
    this.#batch = batch;
    try {
      work();
    } finally {
      // Another batch here means that another link took over meanwhile; this one's frames died with its link.
      if (this.#batch === batch) {
        this.#batch = undefined;
        this.#flush(batch);
      }
    }
  }

  #write(part: Encoded): void {
    if (this.#batch) this.#batch.push(part);
    else this.#link?.send(part);
  }

  #flush(batch: readonly Encoded[]): void {
    let parts: Encoded[] = [];
    let bytes = 0;
    const send = (): void => {
      if (parts.length > 0) this.#link?.send(parts.length === 1 ? parts[0]! : this.codec.join(parts));
    };
    for (const part of batch) {
      // One more for the line break between frames.
      const size = encodedSize(part) + 1;
      if (bytes + size > this.messageBytes || parts.length === wireLimits.framesPerMessage) {
        send();
        parts = [];
        bytes = 0;
      }
      parts.push(part);
      bytes += size;
    }
    send();
  }
}
