import { type AddressInfo, isIP } from 'node:net';

/**
 * Names by which the server may be called, such as `example.com` or `example.com:8443`, or `'*'`: a request whose
 * `Host` is another is refused. Addresses, `localhost` and names without a dot pass always: no stranger can have them
 * resolve elsewhere. Default: on a server that only its own machine reaches those alone, else any.
 */
export type AllowedHosts = readonly string[] | '*';

/** Undefined: whatever the address that the server is bound to calls for. */
export type HostRule = { readonly names: ReadonlySet<string> } | 'any' | undefined;

/** Throws `TypeError` on what is neither `'*'` nor a list of texts, `RangeError` on an entry that is no host. */
export function createHostRule(allowed: AllowedHosts | undefined): HostRule {
  if (allowed === undefined) return undefined;
  if (allowed === '*') return 'any';
  const given: unknown = allowed;
  if (!Array.isArray(given)) throw new TypeError(`allowedHosts must be '*' or a list such as ['example.com'].`);
  return { names: new Set(given.map((entry: unknown) => parseEntry(entry))) };
}

function parseEntry(entry: unknown): string {
  if (typeof entry !== 'string') throw new TypeError(`allowedHosts must hold texts, not ${typeof entry}.`);
  const host = entry.toLowerCase();
  if (/^(?:[\w.-]+|\[[\da-f:.]+\])(?::\d{1,5})?$/.test(host)) return host.replace(/\.(?=:|$)/, '');
  throw new RangeError(
    `allowedHosts: '${entry}' can never match: an entry is a name, or a name and a port, such as 'example.com'.`,
  );
}

/**
 * Whether a request with this `Host` may pass. Against DNS rebinding: a page of `evil.example` whose name leads to this
 * machine is of the same origin to its browser, and only the name gives it away.
 */
export function isHostAllowed(host: string, rule: HostRule, isLocal: boolean): boolean {
  if (rule === 'any' || (rule === undefined && !isLocal)) return true;
  const whole = host.toLowerCase();
  const name = whole.replace(/:\d*$/, '').replace(/\.$/, '');
  if (rule?.names.has(whole) || rule?.names.has(name)) return true;
  return !name.includes('.') || name.endsWith('.localhost') || isIP(name.replace(/^\[(.*)\]$/, '$1')) > 0;
}

/**
 * Whether nobody but this machine reaches it. An address that is a path belongs to a Unix socket, whose peer is a
 * proxy.
 */
export function isLoopback(address: AddressInfo | string | null | undefined): boolean {
  if (typeof address !== 'object' || address === null) return false;
  return address.address === '::1' || /^(?:::ffff:)?127\./.test(address.address);
}
