import type { Encoded } from '@longwave/protocol';
import { type RequestEvents, contentType } from './post-request.js';

/**
 * A POST by the host's `fetch`, whose response is read as it comes, with cookies, as a WebSocket has them. For text no browser
 * asks the server for leave first (Fetch standard, CORS-safelisted request-header); bytes named as text, proxies would rewrite.
 * @example
 * ```ts
 * const slow: PostRequest = (...args) => (console.time(args[0]), fetchRequest(...args));
 * const client = connect(url, { transport: streamTransport({ request: slow }) });
 * ```
 */
export function fetchRequest(url: string, body: Encoded, events: RequestEvents, limitMs?: number): () => void {
  const abort = new AbortController();
  let timer: ReturnType<typeof setTimeout> | undefined;
  let given = false;
  const run = async (): Promise<void> => {
    let complete = false;
    let reason: string | undefined;
    let status: number | undefined;
    try {
      const response = await fetch(url, {
        method: 'POST',
        body: body as BodyInit,
        headers: { 'content-type': contentType(body) },
        credentials: 'include',
        cache: 'no-store',
        signal: abort.signal,
      });
      const reader = response.ok ? response.body?.getReader() : undefined;
      while (reader) {
        const { value, done } = await reader.read();
        if (done || given) break;
        events.onPiece(value);
      }
      complete = reader !== undefined;
      if (!complete) {
        status = response.status;
        reason = `answered ${status}`;
        // The reason in words (RFC 9457), if it comes at once: a stranger's answer may be anything, and have no end.
        const piece = await response.body?.getReader().read();
        const { detail } = JSON.parse(new TextDecoder().decode(piece!.value)) as { readonly detail?: string };
        if (detail) reason += `: ${detail}`;
      }
    } catch (error) {
      // Cut off, refused, given up, or a message that is too large: whatever it was, the request has failed.
      // Node says why beside it.
      reason ??= String((error as Error).cause ?? error);
    }
    clearTimeout(timer);
    if (!complete) abort.abort();
    if (!given) events.onEnd(complete, reason, status);
  };
  void run();
  if (limitMs !== undefined) timer = setTimeout(() => abort.abort(), limitMs);
  return () => {
    given = true;
    clearTimeout(timer);
    abort.abort();
  };
}
