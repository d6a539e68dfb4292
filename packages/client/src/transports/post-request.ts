import type { Encoded } from '@longwave/protocol';

/** Events of one HTTP request, which a {@link PostRequest} reports. */
export interface RequestEvents {
  /** A piece of the response's body, of a response that is a success. */
  onPiece(piece: Uint8Array): void;
  /**
   * The last event. `complete`: the response was a success and came to its end; otherwise `reason` says what became of it.
   * `status`: of a response that was no success.
   */
  onEnd(complete: boolean, reason?: string, status?: number): void;
}

/** Posts `body` to `url`. Returns how to give it up: no event follows then. Events MUST NOT come before it returned. */
export type PostRequest = (url: string, body: Encoded, events: RequestEvents, limitMs?: number) => () => void;

/** The media type of a message, for proxies on its way. */
export function contentType(body: Encoded): string {
  return typeof body === 'string' ? 'text/plain' : 'application/octet-stream';
}
