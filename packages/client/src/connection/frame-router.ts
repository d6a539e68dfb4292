import type { Connected, Encoded, LongwaveError, ReceivedFrame } from '@longwave/protocol';
import type { ConnectionEvents } from './connection-parts.js';
import { toError } from './to-error.js';
import type { FrameSender } from './frame-sender.js';

/** Frames about the connection itself. */
export interface ConnectionFrames {
  /** The server has let us in on this link. */
  readonly isConnected: boolean;
  onConnected(frame: Connected): void;
  onGoaway(retryAfterMs: number): void;
  onPong(): void;
  /** An error that answers no request. */
  onError(error: LongwaveError): void;
  /** Something was delivered. */
  onNews(): void;
  onBad(message: string): void;
}

/**
 * Gives a function that takes a message apart and hands each frame to whoever it is for. It stops when a frame has ended the link that
 * the message came over.
 */
export function createFrameRouter(
  sender: FrameSender,
  events: ConnectionEvents,
  own: ConnectionFrames,
): (message: Encoded, isCurrent: () => boolean) => void {
  const route = (frame: ReceivedFrame): void => {
    // A node that drains tells those too whom it has not let in yet (SES-7).
    if (!own.isConnected && !['connected', 'error', 'goaway'].includes(frame.type)) {
      return own.onBad(`'${frame.type}' before 'connected'.`);
    }
    switch (frame.type) {
      case 'connected':
        return own.onConnected(frame);
      case 'goaway':
        return own.onGoaway(frame.retryAfterMs);
      case 'ping':
        // A link made of requests carries no answer.
        if (!sender.renews) sender.send({ type: 'pong' });
        return;
      case 'pong':
        return own.onPong();
      case 'error':
        if (frame.id === undefined) return own.onError(toError(frame));
        return sender.answers.settle(frame.id, frame);
      case 'ack':
      case 'done':
      case 'page':
      case 'reply':
      case 'subscribed':
        return sender.answers.settle(frame.id, frame);
      case 'changes':
      case 'message':
      case 'reset':
      case 'snapshot':
        own.onNews();
        return events.onChannelFrame(frame);
      case 'ask':
        own.onNews();
        return events.onAsk(frame);
      case 'exited':
        own.onNews();
        return events.onExited(frame);
      case 'top':
        return events.onChannelFrame(frame);
    }
  };
  return (message, isCurrent) =>
    sender.gather(() => {
      for (const frame of sender.codec.decode(message)) {
        if (!isCurrent()) return;
        if (frame.type === 'bad') own.onBad(frame.message);
        else route(frame);
      }
    });
}
