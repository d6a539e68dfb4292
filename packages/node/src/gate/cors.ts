import { type Gate, type Refusal, type Visitor, forgetVisitor } from './gate.js';

/**
 * Headers that our clients and readers send, and those that tracing adds to every request of a page (W3C Trace Context,
 * Baggage).
 */
const usualHeaders = 'Content-Type, Authorization, Last-Event-ID, If-None-Match, Traceparent, Tracestate, Baggage';
/** A list of field names (RFC 9110 §5.6.2). */
const names = /^[\w!#$%&'*+.^`|~-]+(?:\s*,\s*[\w!#$%&'*+.^`|~-]+)*$/;
const maxAsked = 1024;

/**
 * The Fetch standard's CORS protocol for one response: an allowed page may read it, with its cookies, as a WebSocket
 * from there could. A page that only `'*'` lets in is answered as if it had sent none. Undefined: it may pass.
 */
export function allowOrigin(
  request: Visitor & { readonly method?: string | undefined },
  response: { setHeader(name: string, value: string): unknown },
  gate: Gate,
  methods: readonly string[],
): Refusal | undefined {
  const { headers } = request;
  response.setHeader('Vary', 'Origin');
  const refusal = gate.refusal(request);
  // The page may read why it was refused, and nothing else: its developer looks there first.
  if (refusal === 'origin' && headers.origin) {
    response.setHeader('Access-Control-Allow-Origin', headers.origin);
    response.setHeader('Access-Control-Allow-Credentials', 'true');
  }
  if (refusal) return refusal;
  const isStranger = gate.isStranger(request);
  // A browser gives the page nothing that was asked with cookies, unless it is told to.
  const knowsVisitor = isStranger && forgetVisitor(request);
  if (headers.origin === undefined) return undefined;
  response.setHeader('Access-Control-Allow-Origin', headers.origin);
  if (!knowsVisitor) response.setHeader('Access-Control-Allow-Credentials', 'true');
  if (request.method === 'OPTIONS') {
    const asked = isStranger ? '' : (headers['access-control-request-headers'] ?? '');
    const more = asked.length <= maxAsked && names.test(asked) ? `, ${asked}` : '';
    response.setHeader('Access-Control-Allow-Methods', methods.join(', '));
    response.setHeader('Access-Control-Allow-Headers', `${usualHeaders}${more}`);
    response.setHeader('Access-Control-Max-Age', '86400');
  }
  return undefined;
}
