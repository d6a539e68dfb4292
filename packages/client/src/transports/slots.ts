/** A browser opens six connections to a server over HTTP/1.1: the others are for pages, for what goes up, and for short polls. */
const maxHeld = 4;

interface Host {
  readonly location?: unknown;
  readonly navigator?: { readonly locks?: Pick<LockManager, 'request'> };
  readonly performance?: Pick<Performance, 'getEntriesByType'>;
}

const nothing = (): void => {};

/**
 * Takes one of the connections that all tabs of an origin may hold open (CLI-13), and tells how to give it back, or undefined where
 * all are taken. At once where there is nothing to count: outside of browsers, over HTTP/2, and where the page may not
 * lock.
 */
export function takeSlot(done: (release: (() => void) | undefined) => void, host: Host = globalThis): void {
  const locks = host.location === undefined ? undefined : host.navigator?.locks;
  if (!locks || isMultiplexed(host)) return done(nothing);
  const take = (n: number): void => {
    if (n === maxHeld) return done(undefined);
    locks
      .request(`longwave.${n}`, { ifAvailable: true }, (lock) => {
        if (!lock) return take(n + 1);
        return new Promise<void>((release) => done(release));
      })
      .catch(() => done(nothing));
  };
  take(0);
}

function isMultiplexed({ performance }: Host): boolean {
  const [page] = (performance?.getEntriesByType('navigation') ?? []) as Partial<PerformanceNavigationTiming>[];
  return /^h[23]/.test(page?.nextHopProtocol ?? '');
}
