import type { ServerResponse } from 'node:http';
import { type HttpProblem, problemBody, problemMediaType } from './problem.js';

/** The fields that every refusal has. `hasCookie`: its request came with one. */
export function refusalFields(status: number, hasCookie: boolean): Readonly<Record<string, string>> {
  return {
    'Content-Type': problemMediaType,
    // For a request with cookies: not even a faulty cache may give the answer to somebody else.
    'Cache-Control': hasCookie ? 'private, no-store' : 'no-store',
    'X-Content-Type-Options': 'nosniff',
    ...(status === 401 && { 'WWW-Authenticate': 'Bearer' }),
  };
}

/**
 * Answers with the problem, in the form of the HTTP API. Nothing of it may be kept. `unread`: the request may have a
 * body.
 */
export function refuse(response: ServerResponse, problem: HttpProblem, { unread = false } = {}): void {
  // The unread rest of a body must not be taken for the next request. HTTP/2 has no such header.
  if (unread) response.shouldKeepAlive = false;
  const { status } = problem;
  response.writeHead(status, {
    ...refusalFields(status, response.req.headers.cookie !== undefined),
    ...(status === 503 && !response.hasHeader('Retry-After') && { 'Retry-After': '1' }),
  });
  response.end(JSON.stringify(problemBody(problem)));
}
