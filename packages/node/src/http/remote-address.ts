import type { ConnectionInfo } from '@longwave/core';

/**
 * The address that the outermost of `proxies` trusted proxies saw, by `X-Forwarded-For`: each adds the one that connected to it
 * at the end, and what stands before is whatever the client wrote. Undefined where fewer have added theirs.
 */
export function forwardedAddress(headers: ConnectionInfo['headers'], proxies: number): string | undefined {
  const header = headers['x-forwarded-for'];
  if (header === undefined || proxies === 0) return undefined;
  const all = (typeof header === 'string' ? header : header.join(',')).split(',');
  return withoutPort(all.at(-proxies)?.trim() ?? '') || undefined;
}

/** Some proxies write `192.0.2.1:5000` and `[2001:db8::1]:5000`. */
function withoutPort(address: string): string {
  const bracketed = /^\[([^\]]*)\]/.exec(address)?.[1];
  if (bracketed !== undefined) return bracketed;
  return /^[\d.]+:\d+$/.test(address) ? address.slice(0, address.indexOf(':')) : address;
}
