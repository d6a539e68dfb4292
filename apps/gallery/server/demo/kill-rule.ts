/** The visitors that may kill the server, as its owner said with `GALLERY_ALLOW_KILL`. */
export type KillRule = 'everybody' | 'this-machine' | 'nobody';

/** Throws when the value of `GALLERY_ALLOW_KILL` says neither yes nor no. Unset, it is for browsers on this machine alone. */
export function readKillRule(value: string | undefined): KillRule {
  switch (value) {
    case undefined:
    case '':
      return 'this-machine';
    case '1':
    case 'true':
      return 'everybody';
    case '0':
    case 'false':
      return 'nobody';
    default:
      throw new Error(`GALLERY_ALLOW_KILL must be 1 or 0, not '${value}'.`);
  }
}

const loopback = new Set(['localhost', '127.0.0.1', '[::1]']);

export interface Visit {
  /** The address at which the server listens. */
  readonly address: string;
  /** The origin of the page that asks. No page can choose it, and no proxy changes it. */
  readonly origin: string | undefined;
}

/**
 * On this machine is a page that came from a loopback address, of a server that listens on one: so a server behind a proxy is not
 * killed by those whom the proxy lets in.
 */
export function mayKill(rule: KillRule, { address, origin }: Visit): boolean {
  if (rule !== 'this-machine') return rule === 'everybody';
  if (address !== '127.0.0.1' && address !== '::1') return false;
  return origin !== undefined && URL.canParse(origin) && loopback.has(new URL(origin).hostname);
}
