import type { Connected } from '@longwave/protocol';
import type { TransportFallback } from './transport-fallback.js';
import type { Settings } from '../base/options.js';
import type { Clock, Link, LinkEvents, Timer } from '../base/ports.js';
import type { FrameSender } from './frame-sender.js';
import { passEvents } from './pass-events.js';
import { renewalOf } from './renewals.js';

/** The first search for a better transport begins this long after connecting; each next one waits twice as long. */
const minWaitMs = 5_000;
const maxWaitMs = 300_000;
/** A move that came to nothing is tried again after so long. */
const moveAgainMs = 500;
/** For one transport to prove itself, and for what is in flight to be answered. */
const limitMs = 5_000;

/** A link that was let in, and waits to be taken over. */
export interface Candidate {
  readonly at: number;
  readonly link: Link;
  readonly connected: Connected;
  /** Its events go to `events` from now on. */
  takeOver(events: LinkEvents): void;
}

interface UpgradeParts {
  readonly ports: { readonly clock: Clock };
  readonly settings: Settings;
  readonly sender: FrameSender;
  readonly fallback: TransportFallback;
  adopt(candidate: Candidate): void;
  onGivenUp(): void;
}

/**
 * Looks for a better transport beside the connection that stands (CLI-8): one that is let in takes over when nothing is in
 * flight, so that nothing is lost or asked twice. Until then the old one goes on. In the same way it leaves a node that goes.
 */
export class Upgrade {
  readonly #parts: UpgradeParts;
  #waitMs = minWaitMs;
  #timer: Timer | undefined;
  #link: Link | undefined;
  #moving = false;

  constructor(parts: UpgradeParts) {
    this.#parts = parts;
  }

  /** A connection stands. */
  start(): void {
    this.stop();
    this.#waitMs = minWaitMs;
    this.#wait();
  }

  /** The node goes: the transport in use is opened anew beside the connection, which stands until it is taken over (SES-7). */
  move(afterMs: number): void {
    const { ports, fallback } = this.#parts;
    this.stop();
    this.#moving = true;
    this.#timer = ports.clock.setTimer(() => this.#try(fallback.at), afterMs);
  }

  /** Something changed: do not wait. */
  hurry(): void {
    if (this.#timer && !this.#link && !this.#moving) {
      this.#timer.cancel();
      this.#try(0);
    }
  }

  stop(): void {
    this.#timer?.cancel();
    this.#link?.close(1000);
    this.#timer = this.#link = undefined;
    this.#moving = false;
    this.#parts.sender.joining = this.#parts.sender.held = false;
    this.#parts.sender.answers.onIdle = undefined;
  }

  #wait(): void {
    if (this.#parts.fallback.at === 0) return;
    this.#timer = this.#parts.ports.clock.setTimer(() => this.#try(0), this.#waitMs);
    this.#waitMs = Math.min(this.#waitMs * 2, maxWaitMs);
  }

  #try(at: number): void {
    const { ports, settings, sender, fallback } = this.#parts;
    if (at >= fallback.at && !this.#moving) return this.#wait();
    const failed = (): void => {
      const wasJoining = sender.joining;
      const wasMoving = this.#moving;
      this.stop();
      if (wasJoining) this.#parts.onGivenUp();
      // It may have been the last of the connection.
      if (!sender.connected) return;
      if (wasMoving) this.move(moveAgainMs);
      else this.#try(at + 1);
    };
    let events: LinkEvents = {
      onOpen: () => {
        sender.joining = true;
        link.send(sender.codec.encode(sender.connectFrame()));
      },
      onMessage: (message) => {
        for (const frame of sender.codec.decode(message)) {
          if (frame.type === 'error') return failed();
          if (frame.type === 'connected') this.#onConnected({ at, link, connected: frame, takeOver });
        }
      },
      onLost: failed,
      onRenew: failed,
      onClose: failed,
    };
    const takeOver = (others: LinkEvents): void => void (events = others);
    this.#timer = ports.clock.setTimer(failed, limitMs);
    let link: Link;
    try {
      link = fallback.transports[at]!.connect(
        settings.url,
        settings.codec.name,
        passEvents(() => events),
      );
    } catch {
      return failed();
    }
    this.#link = link;
    if (!link.renew) return;
    sender.joining = true;
    link.renew(renewalOf(sender, [], true));
  }

  #onConnected(candidate: Candidate): void {
    const { sender } = this.#parts;
    const go = (): void => {
      this.#link = undefined;
      this.stop();
      this.#parts.adopt(candidate);
    };
    sender.held = true;
    if (sender.answers.idle) go();
    else sender.answers.onIdle = go;
  }
}
