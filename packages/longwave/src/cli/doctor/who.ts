import type { IncomingHttpHeaders } from 'node:http';
import type { Exchange } from './wire/exchange.js';

/** Proxies for which there is advice of their own. */
export type Vendor = 'nginx' | 'haproxy' | 'envoy' | 'caddy' | 'apache' | 'squid' | 'cloudflare' | 'aws' | 'google';

const marks: readonly (readonly [Vendor, RegExp])[] = [
  ['cloudflare', /cloudflare/],
  ['aws', /awselb|cloudfront|amazon/],
  ['google', /google frontend|\bgws\b|1\.1 google/],
  ['nginx', /nginx|openresty|tengine/],
  ['haproxy', /haproxy/],
  ['envoy', /envoy/],
  ['caddy', /caddy/],
  ['squid', /squid/],
  ['apache', /apache/],
];

/** Returns the product that stands in between, by the headers it sends and, for an error page, by its words. */
export function vendorOf(headers: IncomingHttpHeaders, text = ''): Vendor | undefined {
  const { server, via } = headers;
  const words = [server, via, text].join(' ').toLowerCase();
  const known = marks.find(([, mark]) => mark.test(words));
  if (known) return known[0];
  // HAProxy names itself nowhere; its own error pages all look like this.
  return /^<html><body><h1>\d{3} [\w ]+<\/h1>\n/i.test(text) ? 'haproxy' : undefined;
}

/** `nginx/1.22.1, via 1.1 squid`: what the answer says of where it comes from. */
export function describeServer({ server, via }: IncomingHttpHeaders): string {
  const parts = [server, via === undefined ? undefined : `via ${via}`];
  return parts.filter((part) => part !== undefined && part !== '').join(', ');
}

/** Whether Longwave itself made this answer: it says why in JSON, and says it in its own codes. */
export function isOwnAnswer({ headers, text, frames }: Pick<Exchange, 'headers' | 'text' | 'frames'>): boolean {
  if (frames.length > 0) return true;
  const type = headers['content-type'] ?? '';
  if (type.startsWith('application/problem+json')) return /"error":\{"code":"[a-z-]+"/.test(text);
  return type.startsWith('application/json') && /^\{"(?:code|error)":/.test(text);
}

/** `from nginx/1.22.1`, for an answer that should not have come; empty when nobody signed it. */
export function bySender(headers: IncomingHttpHeaders): string {
  const sender = describeServer(headers);
  return sender === '' ? '' : ` by ${sender}`;
}
