import type { IncomingMessage, ServerResponse } from 'node:http';
import { type AllowedOrigins, isOriginAllowed } from './origin.js';

/**
 * The Fetch standard's CORS protocol for one response: an allowed origin may read it, with its cookies, as a WebSocket
 * from there could. False: the page may not. A request without an Origin comes from no other site and passes.
 */
export function allowOrigin(
  request: IncomingMessage,
  response: ServerResponse,
  allowed: AllowedOrigins | undefined,
  methods: readonly string[],
): boolean {
  const { origin } = request.headers;
  response.setHeader('Vary', 'Origin');
  if (!isOriginAllowed(request.headers, allowed)) return false;
  if (origin === undefined) return true;
  response.setHeader('Access-Control-Allow-Origin', origin);
  response.setHeader('Access-Control-Allow-Credentials', 'true');
  if (request.method === 'OPTIONS') {
    response.setHeader('Access-Control-Allow-Methods', methods.join(', '));
    response.setHeader('Access-Control-Allow-Headers', 'Content-Type, Authorization, Last-Event-ID, If-None-Match');
    response.setHeader('Access-Control-Max-Age', '86400');
  }
  return true;
}
