import type { IncomingHttpHeaders } from 'node:http';
import type { AddressInfo } from 'node:net';
import process from 'node:process';
import type { Logger } from '@longwave/core';
import { errorPage } from '@longwave/protocol';
import { type AllowedHosts, type HostRule, createHostRule, isHostAllowed, isLoopback } from './host-rule.js';
import { type AllowedOrigins, type OriginRule, createOriginRule, parseOrigin } from './origin-rule.js';

export interface GateOptions {
  readonly allowedOrigins: AllowedOrigins | undefined;
  readonly allowedHosts: AllowedHosts | undefined;
  readonly logger: Logger;
}

/** The place where a request came in, as its socket knows it. */
interface Entrance {
  readonly encrypted?: unknown;
  /** The server that accepted it. Node sets it; no type says so. */
  readonly server?: unknown;
}

/** A request as far as it matters here: `node:http`'s fits, over HTTP/2 as well. */
export interface Visitor {
  readonly headers: IncomingHttpHeaders;
  readonly socket: object;
  readonly url?: string | undefined;
}

export type Refusal = 'host' | 'origin';

/** The section on refusals, for the log. */
const errors = `See ${errorPage('forbidden', process.env['LONGWAVE_DOCS'] || undefined)}.`;
/** Refused values that are told of, each once. A stranger makes up as many as they like. */
const maxTold = 20;

/**
 * Decides from which pages, and by which names, the server may be reached (RFC 6455 §10.2, HTTP-7). It compiles its
 * options once, and throws as {@link createOriginRule} and {@link createHostRule} do.
 */
export class Gate {
  readonly #origins: OriginRule;
  readonly #hosts: HostRule;
  readonly #logger: Logger;
  readonly #told = new Set<string>();
  /** The name and the server of the last request that was let in: nearly all come by the same. */
  #lastHost: string | undefined;
  #lastServer: unknown;
  /** By the server that a request came to: whether only its own machine reaches it. */
  readonly #local = new WeakMap<object, boolean>();

  constructor({ allowedOrigins, allowedHosts, logger }: GateOptions) {
    this.#origins = createOriginRule(allowedOrigins);
    this.#hosts = createHostRule(allowedHosts);
    this.#logger = logger;
  }

  /** Undefined: the request may pass. A refused value is logged once. */
  refusal(visitor: Visitor, rule: OriginRule = this.#origins): Refusal | undefined {
    if (!this.admitsHost(visitor)) return 'host';
    const { headers } = visitor;
    if (isAllowed(visitor, rule)) return undefined;
    const { origin } = headers;
    const who = origin === undefined ? 'a page of another site' : JSON.stringify(origin.slice(0, 200));
    this.#tell(`A request of ${who} was refused: name its origin in allowedOrigins to let it in. ${errors}`);
    return 'origin';
  }

  /** Against DNS rebinding. A visitor that names no host is no browser. */
  admitsHost(visitor: Visitor): boolean {
    const { host } = visitor.headers;
    const named = authorityOf(visitor.url) ?? host;
    if (named === undefined || this.#hosts === 'any') return true;
    const { server } = visitor.socket as Entrance;
    if (named === this.#lastHost && server === this.#lastServer) return true;
    if (isHostAllowed(named, this.#hosts, this.#isLocal(server))) {
      [this.#lastHost, this.#lastServer] = [named, server];
      return true;
    }
    const shown = JSON.stringify(named.slice(0, 200));
    this.#tell(`A request for the host ${shown} was refused: name it in allowedHosts to let it in. ${errors}`);
    return false;
  }

  /**
   * Whether a page of another site is let in by `'*'`: then nothing that its browser added without being asked may
   * count, or any page could act as whoever looks at it.
   */
  isStranger(visitor: Visitor, rule: OriginRule = this.#origins): boolean {
    return rule.kind === 'any' && !isAllowed(visitor, { kind: 'own' });
  }

  #isLocal(server: unknown): boolean {
    if (typeof server !== 'object' || server === null) return false;
    const known = this.#local.get(server);
    if (known !== undefined) return known;
    const { address } = server as { address?: () => AddressInfo | string | null };
    const local = isLoopback(address?.call(server));
    this.#local.set(server, local);
    return local;
  }

  #tell(message: string): void {
    if (this.#told.size >= maxTold || this.#told.has(message)) return;
    this.#told.add(message);
    this.#logger.error(message);
  }
}

/**
 * Takes away what a browser adds without the page: cookies, and what was typed into its own password prompt. A page has
 * to give a bearer token itself. True: there was something to take away.
 */
export function forgetVisitor({ headers }: Pick<Visitor, 'headers'>): boolean {
  const { cookie, authorization } = headers;
  const typed = authorization !== undefined && !/^bearer /i.test(authorization);
  delete headers.cookie;
  if (typed) delete headers.authorization;
  return cookie !== undefined || typed;
}

/** For whoever was refused, and looks for the reason. */
export const refusalReasons: Readonly<Record<Refusal, string>> = {
  host: 'This server is not reached by this host name: see its option allowedHosts.',
  origin: 'Pages of this origin may not connect: see allowedOrigins of the server.',
};

function isAllowed(visitor: Visitor, rule: OriginRule): boolean {
  if (rule.kind === 'any') return true;
  const { origin, host } = visitor.headers;
  if (origin === undefined) return !isCrossSite(visitor.headers);
  if (rule.kind === 'listed' && rule.origins.has(origin)) return true;
  if (rule.kind === 'own' && origin === `https://${host}`) return true;
  const parsed = parseOrigin(origin);
  if (!parsed) return false;
  return rule.kind === 'listed' ? rule.origins.has(parsed.text) : isOwn(parsed.url, visitor);
}

/**
 * Whether the page comes from here. The host and the port decide, and the scheme as far as it is known: behind a proxy
 * that ends TLS, only by what the proxy says. A page over plain HTTP is anybody's who is on the way, so it is not of
 * this site where the site has TLS; a page over TLS always is, since the proxy may say nothing.
 */
function isOwn({ protocol, host: pageHost }: URL, visitor: Visitor): boolean {
  if (protocol !== 'https:' && protocol !== 'http:') return false;
  const { host } = visitor.headers;
  if (pageHost !== host && pageHost !== parseOrigin(`${protocol}//${host}`)?.url.host) return false;
  return protocol === 'https:' || !isOverTls(visitor);
}

function isOverTls({ headers, socket }: Visitor): boolean {
  if ((socket as Entrance).encrypted === true) return true;
  const told = headers['x-forwarded-proto'];
  return typeof told === 'string' && /^\s*(?:https|wss)\s*(?:,|$)/i.test(told);
}

/**
 * A page that asks without CORS, as by `<script src>`, names no origin, but its browser sends cookies and says from
 * where (Fetch Metadata). A request that comes from a followed link is not one of these.
 */
function isCrossSite(headers: IncomingHttpHeaders): boolean {
  const site = headers['sec-fetch-site'];
  if (site !== 'cross-site' && site !== 'same-site') return false;
  return headers['sec-fetch-mode'] !== 'navigate' || headers['sec-fetch-dest'] !== 'document';
}

/** The host in an absolute target, which is the one that counts (RFC 9112 §3.2.2). */
function authorityOf(url: string | undefined): string | undefined {
  if (url === undefined || url.startsWith('/')) return undefined;
  return /^https?:\/\/([^/?#]*)/i.exec(url)?.[1];
}
