import type { PostRequest, RequestEvents } from 'longwave/client';
import { type Tally, contentBytes } from './tally.js';

/**
 * A POST by `fetch` for Longwave's HTTP transports, as they would make it themselves, that counts what it carries. As text,
 * so that the browser asks the server for no leave first.
 */
export function countingRequest(tally: Tally): PostRequest {
  return (url, body, events, limitMs) => {
    const abort = new AbortController();
    let isGiven = false;
    tally.requests++;
    tally.contentUp += contentBytes(body);
    const counted: RequestEvents = {
      onPiece: (piece) => {
        tally.contentDown += piece.length;
        if (!isGiven) events.onPiece(piece);
      },
      onEnd: (complete) => {
        if (!isGiven) events.onEnd(complete);
      },
    };
    const timer = limitMs === undefined ? undefined : setTimeout(() => abort.abort(), limitMs);
    void post(url, body as BodyInit, abort.signal, counted).finally(() => clearTimeout(timer));
    return () => {
      isGiven = true;
      abort.abort();
    };
  };
}

async function post(url: string, body: BodyInit, signal: AbortSignal, events: RequestEvents): Promise<void> {
  let isComplete = false;
  try {
    const headers = { 'content-type': 'text/plain' };
    const response = await fetch(url, { method: 'POST', body, headers, cache: 'no-store', signal });
    const reader = response.ok ? response.body?.getReader() : undefined;
    for (let read = await reader?.read(); read && !read.done; read = await reader?.read()) events.onPiece(read.value);
    isComplete = reader !== undefined;
  } catch {
    // Cut off, refused or given up: it has failed, and that is all that follows from it.
  }
  events.onEnd(isComplete);
}
