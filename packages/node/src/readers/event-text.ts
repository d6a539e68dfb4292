import type { Wire } from '@longwave/core';
import {
  type MessageFrame,
  type Operation,
  type Position,
  type Reset,
  type ServerFrame,
  wireLimits,
} from '@longwave/protocol';
import { messageJson, toBase64 } from '../http/message-json.js';

/** A position as `id` of an event, and as a browser sends it back in Last-Event-ID (READ-2). */
export function positionText({ epoch, offset }: Position): string {
  return `${epoch}:${offset}`;
}

/** Undefined: it is none. */
export function parsePosition(text: string): Position | undefined {
  const colon = text.lastIndexOf(':');
  const offset = text.slice(colon + 1);
  if (colon < 1 || colon > wireLimits.epochLength || !/^\d{1,16}$/.test(offset)) return undefined;
  return Number(offset) <= Number.MAX_SAFE_INTEGER
    ? { epoch: text.slice(0, colon), offset: Number(offset) }
    : undefined;
}

/** Moves the place to continue from without an event: what a browser does with an event that has an id and no data. */
export function standText(position: Position): string {
  return `id: ${positionText(position)}\n\n`;
}

export function resetText({ reason, epoch, offset }: Pick<Reset, 'reason' | 'epoch' | 'offset'>): string {
  return `event: reset\nid: ${positionText({ epoch, offset })}\ndata: ${JSON.stringify({ reason, epoch, offset })}\n\n`;
}

/** How long a browser waits before it comes back. */
export function retryText(ms: number): string {
  return `retry: ${Math.max(1, Math.round(ms))}\n\n`;
}

/** Seen by people and proxies, not by EventSource. */
export function commentText(text: string): string {
  return `: ${text.replaceAll(/[\r\n]+/g, ' ')}\n\n`;
}

/** `plain`: the payload alone. `envelope`: the message with its offset, time, id and user. */
export type EventForm = 'plain' | 'envelope';

/**
 * The wire of all plain readers that want the same form (READ-6): what is delivered to them is encoded once, as
 * server-sent events. The session's own frames do not pass here: its sink is told them.
 */
export function createReaderWire(form: EventForm): Wire {
  const operationText = form === 'plain' ? plainText : envelopeText;
  return {
    codec: {
      name: 'json',
      encode: (frame) => frameText(frame, operationText),
      join: (parts) => parts.join(''),
      // A reader is not listened to.
      decode: () => [],
    },
    pack: (text) => (typeof text === 'string' ? new TextEncoder().encode(text) : text),
  };
}

function frameText(frame: ServerFrame, operationText: (op: Operation) => string): string {
  if (frame.type === 'message') return messageText(frame, operationText);
  return frame.type === 'top' ? commentText(`top ${positionText(frame)}`) : '';
}

function messageText({ epoch, ops }: MessageFrame, operationText: (op: Operation) => string): string {
  let text = '';
  for (const op of ops) text += `id: ${epoch}:${op.offset}\n${eventName(op)}${operationText(op)}\n\n`;
  return text;
}

/** RED-6: whoever knows nothing of redactions is told of no message that has no data. */
function eventName({ kind }: Operation): string {
  return kind === 'redact' || kind === 'redacted' ? `event: ${kind}\n` : '';
}

/** Bytes get an event name of their own: whoever parses JSON is not given base64. */
function plainText({ offset, kind, payload }: Operation): string {
  // A browser drops an event without data.
  if (kind === 'redacted') return `data: ${JSON.stringify({ offset })}`;
  return typeof payload === 'string' ? `data: ${payload}` : `event: bytes\ndata: ${toBase64(payload)}`;
}

function envelopeText(op: Operation): string {
  return `data: ${messageJson(op)}`;
}
