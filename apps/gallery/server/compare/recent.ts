import type { IncomingMessage, ServerResponse } from 'node:http';
import type { ServerChannel } from 'longwave';
import { pollPage } from '../../shared/compare-limits.js';
import type { FeedMessage } from '../../shared/compare.js';

/**
 * The answer to plain polling: `GET /messages?after=<offset>` returns at once the messages since, without `after` the
 * last message. No Longwave on it: any HTTP server could do this. `origin` is the one page that may read it.
 */
export async function answerRecent(
  request: IncomingMessage,
  response: ServerResponse,
  feed: ServerChannel<FeedMessage, FeedMessage>,
  origin: string | undefined,
): Promise<void> {
  const { pathname, searchParams } = new URL(request.url ?? '/', 'http://lab');
  if (request.method !== 'GET' || pathname !== '/messages') {
    response.writeHead(404).end();
    return;
  }
  const after = searchParams.get('after');
  if (after !== null && !/^\d{1,15}$/.test(after)) {
    response.writeHead(400).end();
    return;
  }
  const page = await feed.history(
    after === null ? { before: Number.MAX_SAFE_INTEGER, limit: 1 } : { after: Number(after), limit: pollPage },
  );
  const body = JSON.stringify(page.messages.map(({ data, meta }) => ({ offset: meta.offset, ...data })));
  response.writeHead(200, {
    'Content-Type': 'application/json',
    'Content-Length': Buffer.byteLength(body),
    'Cache-Control': 'no-store',
    Vary: 'Origin',
    ...(origin !== undefined && { 'Access-Control-Allow-Origin': origin }),
  });
  response.end(body);
}
