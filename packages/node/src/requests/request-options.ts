import type { PollOptions } from '@longwave/core';
import { type CodecName, type Encoded, utf8Decode } from '@longwave/protocol';

/** Milliseconds that an upstream request may take, calls included (HTTP-18). */
export const upstreamMs = 20_000;
/** Milliseconds that a poll may be asked to wait: longer than any proxy is patient. */
const maxHoldMs = 60_000;

/** Undefined: it is unknown (HTTP-10). */
export function codecOf(query: URLSearchParams): CodecName | undefined {
  const codec = query.get('codec') ?? 'json';
  return codec === 'json' || codec === 'binary' ? codec : undefined;
}

/** `hold`: milliseconds. `now`: whatever is there is news. */
export function pollOptions(query: URLSearchParams): PollOptions {
  const hold = Number(query.get('hold') ?? Number.NaN);
  return { holdMs: hold >= 0 ? Math.min(hold, maxHoldMs) : maxHoldMs, atOnce: query.has('now') };
}

/** The header fields of an answer that carries frames. */
export function answerFields(codec: CodecName): readonly (readonly [name: string, value: string])[] {
  return [
    ['Content-Type', codec === 'json' ? 'text/event-stream; charset=utf-8' : 'application/octet-stream'],
    ['Cache-Control', 'no-store, no-transform'],
    // nginx, and others that took it over: pass on each piece as it comes.
    ['X-Accel-Buffering', 'no'],
  ];
}

/** The body of a request. Undefined: it is not UTF-8. */
export function toMessage(bytes: Buffer, codec: CodecName): Encoded | undefined {
  if (codec === 'binary') return bytes;
  try {
    return utf8Decode(bytes);
  } catch {
    return undefined;
  }
}
