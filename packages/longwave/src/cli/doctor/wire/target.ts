import { isIP } from 'node:net';

/** The endpoint that is examined, and as whom. */
export interface Target {
  readonly secure: boolean;
  readonly hostname: string;
  readonly port: number;
  /** The Host header. */
  readonly host: string;
  /** Path of the endpoint, such as `/longwave`. */
  readonly path: string;
  /** Origin of the page that would connect. Undefined: we are none. */
  readonly origin: string | undefined;
  readonly token: string | undefined;
  /** Milliseconds that one answer may take. */
  readonly timeoutMs: number;
  /** Milliseconds that a poll is held to see whether it comes through. */
  readonly holdMs: number;
  /** Milliseconds of a clock that only goes forward: what answers take is measured by it. */
  readonly now: () => number;
}

export interface TargetOptions {
  /** Default: `/longwave` below the path of the address. */
  readonly path?: string;
  readonly token?: string | undefined;
  readonly timeoutMs?: number;
  readonly holdMs?: number;
  /** Default: the server's own. */
  readonly origin?: string | undefined;
  /** Default: the clock of the machine. */
  readonly now?: () => number;
}

/** Throws `TypeError` on what is no address of a server. */
export function toTarget(text: string, options: TargetOptions = {}): Target {
  const { token, timeoutMs = 5000, holdMs = 1000, origin, now = () => performance.now() } = options;
  const problem = `'${text}' is no address of a server: it begins with http:, https:, ws: or wss:.`;
  if (!URL.canParse(text)) throw new TypeError(problem);
  const below = new URL(text).pathname.replace(/\/+$/, '');
  const url = new URL(options.path ?? (below.endsWith('/longwave') ? below : `${below}/longwave`), text);
  const secure = url.protocol === 'https:' || url.protocol === 'wss:';
  if (!secure && url.protocol !== 'http:' && url.protocol !== 'ws:') throw new TypeError(problem);
  return {
    secure,
    hostname: url.hostname.replace(/^\[(.*)\]$/, '$1'),
    port: url.port === '' ? (secure ? 443 : 80) : Number(url.port),
    host: url.host,
    path: url.pathname,
    origin: origin ?? `${secure ? 'https' : 'http'}://${url.host}`,
    token,
    timeoutMs,
    holdMs,
    now,
  };
}

export function endpointUrl({ secure, host, path }: Target): string {
  return `${secure ? 'https' : 'http'}://${host}${path}`;
}

/**
 * How to connect. Certificates are looked at on their own: here any will do, so that one that is wrong does not hide what
 * else is.
 */
export function dialOptions({ hostname, port }: Target): {
  readonly host: string;
  readonly port: number;
  readonly rejectUnauthorized: false;
  readonly servername?: string;
} {
  const name = isIP(hostname) === 0 ? { servername: hostname } : {};
  return { host: hostname, port, rejectUnauthorized: false, ...name };
}
