import type {
  Changes,
  ClientCodec,
  ClientFrame,
  Connect,
  Connected,
  Encoded,
  MessageFrame,
  ReceivedOperation,
  Reset,
  Snapshot,
  Top,
} from '@longwave/protocol';
import { LongwaveError, framesPerMessage, messageBytes, protocolVersion } from '@longwave/protocol/client';
import type { Settings } from '../base/options.js';
import type { Link, Renewal } from '../base/ports.js';
import { type Answer, Answers } from './answers.js';
import { encodedSize } from '../base/encoded-size.js';

/** A frame about a running subscription. */
export type ChannelFrame = Changes<ReceivedOperation> | MessageFrame<ReceivedOperation> | Reset | Snapshot | Top;

/** Tag of the view that a frame is for. */
export function tagOf(frame: ChannelFrame): string | undefined {
  return 'tag' in frame ? frame.tag : undefined;
}

/** The fate of the frames of a link that ended: `unhandled` when the server refused the connect (SES-3). */
export type Fate = 'unknown' | 'unhandled';

/** Settings that `connect` carries, and the codec. */
type SenderSettings = Pick<Settings, 'codec' | 'clientId' | 'bytesPerSecond' | 'params'>;

/** Beyond this much unsent the outbox waits for acknowledgements. */
const congestedBytes = 1024 * 1024;

/**
 * The sending half of the current link: requests and their answers, and frames gathered into
 * messages. Without a link nothing is sent; everybody sends anew when the next one opens.
 */
export class FrameSender {
  readonly codec: ClientCodec;
  /** The server has accepted us: what was sent on this link is being handled. */
  connected = false;
  /** Limit of one message; the server's own once `limitKnown`. */
  messageBytes: number = messageBytes;
  limitKnown = false;
  /** A message was too large for a server that has not told its limit: requests wait until it does. */
  cautious = false;
  readonly answers = new Answers();
  /** The user that this client is to the server. */
  user: string | undefined;
  /** Token that `connect` carries. */
  token: string | undefined;
  /** The server knows another link of ours: this one must not be renewed, or it would take its place (SES-4). */
  joining = false;
  /** Nothing is sent that waits for an answer: the link is about to be exchanged (CLI-8). */
  held = false;
  /** The link is not open: what would have to be asked again, if it fails, is all that may be sent (WIRE-17). */
  greets = false;
  /** The link has to be renewed, for what it delivers to change. */
  onRenewal: () => void = () => {};
  #link: Link | undefined;
  #nextId = 1;
  #connects = 0;
  #batch: Encoded[] | undefined;
  /** Frames of a renewal, while it is put together. */
  #renewal: Encoded[] | undefined;

  readonly #settings: SenderSettings;

  constructor(settings: SenderSettings) {
    this.codec = settings.codec;
    this.#settings = settings;
  }

  /** A new one each time: its `turn` is above those before (SES-4). It says who we were: nobody else takes our place (SES-19). */
  connectFrame(): Connect {
    const { clientId: client, bytesPerSecond, params } = this.#settings;
    const turn = ++this.#connects;
    const { token, user } = this;
    return { type: 'connect', version: protocolVersion, client, token, turn, bytesPerSecond, params, user };
  }

  /** Subscriptions may be asked for. */
  get linked(): boolean {
    return this.#link !== undefined;
  }

  /** Requests may be sent, or at least may follow `connect` (SES-2) in the same message. */
  get open(): boolean {
    return this.linked && !this.greets && (this.connected || !(this.renews || this.cautious));
  }

  /** The link is made of requests. */
  get renews(): boolean {
    return this.#link?.renew !== undefined;
  }

  get congested(): boolean {
    return (this.#link?.bufferedBytes ?? 0) > congestedBytes;
  }

  /** No publish or call may be sent now. */
  get full(): boolean {
    return this.held || this.answers.full;
  }

  /** Takes another link. No answer will come over the one before. */
  attach(link: Link | undefined, greets = false): void {
    this.#link = link;
    this.greets = greets;
    this.connected = this.joining = this.held = false;
    this.#batch = undefined;
    this.answers.clear();
  }

  /** True when the link delivers what its requests ask for: then it is renewed soon, and there is nothing to send. */
  renewSoon(): boolean {
    if (!this.renews || this.#renewal) return false;
    this.onRenewal();
    return true;
  }

  /** The server has let this link in. */
  enter({ messageBytes, user }: Pick<Connected, 'messageBytes' | 'user'>): void {
    this.user = user;
    this.connected = this.limitKnown = true;
    this.cautious = false;
    this.messageBytes = messageBytes;
  }

  /**
   * LIM-1: what was too large fails by itself, and the client goes on. Until the limit is told, nothing but `connect` is sent. Returns
   * false where that was so already.
   */
  shrink(): boolean {
    return !this.cautious && (this.cautious = true);
  }

  /** Why a message, with so many bytes `more`, is not sent: it is too large (LIM-1). Undefined: it fits. */
  excess(message: Encoded, more = 0): LongwaveError | undefined {
    const size = encodedSize(message) + more;
    return size > this.messageBytes ? this.tooLarge(size) : undefined;
  }

  tooLarge(size: number): LongwaveError {
    return new LongwaveError('too-large', `${size} bytes; the limit is ${this.messageBytes}.`);
  }

  ping(): void {
    if (!this.renewSoon()) this.send({ type: 'ping' });
  }

  /** The frames that `ask` sends, for a renewal: they are not sent by themselves. */
  collect(ask: () => void): readonly Encoded[] {
    const asked: Encoded[] = (this.#renewal = []);
    ask();
    this.#renewal = undefined;
    return asked;
  }

  /** Asks for all subscriptions again. */
  renew(renewal: Renewal): void {
    this.#link!.renew!(renewal);
  }

  send(frame: ClientFrame | Encoded): void {
    this.#write(typeof frame === 'string' || frame instanceof Uint8Array ? frame : this.codec.encode(frame));
  }

  /** Sends the request called `id`. `onAnswer` is called at most once, with the answer of this link. */
  request(id: number, frame: ClientFrame | Encoded, onAnswer: (answer: Answer) => void): void {
    this.answers.expect(id, onAnswer);
    this.send(frame);
  }

  /** As `request`, for what counts towards `full`. */
  requestCounted(id: number, frame: Encoded, onAnswer: (answer: Answer) => void): void {
    this.answers.count(id);
    this.request(id, frame, onAnswer);
  }

  nextId(): number {
    return this.#nextId++;
  }

  /** Frames that `work` sends go out together, in as few messages as the limits allow (WIRE-1). */
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
        // Most messages that come are answered by none.
        if (batch.length > 0) this.#flush(batch);
      }
    }
  }

  #write(part: Encoded): void {
    const batch = this.#renewal ?? this.#batch;
    if (batch) batch.push(part);
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
      if (bytes + size > this.messageBytes || parts.length === framesPerMessage) {
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
