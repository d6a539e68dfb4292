import type { Clock } from '@longwave/client';

/** The parts that a binding gets from its host. */
export interface BindingPorts {
  readonly clock: Clock;
  /** Returns 16 random hexadecimal digits. */
  readonly makeGroup: () => string;
  /** Calls `listener` when the page is left, and when it comes back from the back/forward cache. Returns a function that ends that. */
  readonly onPage: (listener: (isLeft: boolean) => void) => () => void;
  /** Gets the error of a listener. MUST NOT throw. */
  readonly reportError: (error: unknown) => void;
}

const hostClock: Clock = {
  now: () => Date.now(),
  setTimer: (callback, delayMs) => {
    const timer = setTimeout(callback, delayMs);
    return { cancel: () => clearTimeout(timer) };
  },
};

export function hostPorts(clock: Clock = hostClock): BindingPorts {
  return { clock, makeGroup, onPage, reportError };
}

function makeGroup(): string {
  const bytes = crypto.getRandomValues(new Uint8Array(8));
  return Array.from(bytes, (byte) => byte.toString(16).padStart(2, '0')).join('');
}

function onPage(listener: (isLeft: boolean) => void): () => void {
  // There is none in Node.
  const page = globalThis as Partial<typeof globalThis>;
  const [hide, show] = [() => listener(true), () => listener(false)];
  page.addEventListener?.('pagehide', hide);
  page.addEventListener?.('pageshow', show);
  return () => {
    page.removeEventListener?.('pagehide', hide);
    page.removeEventListener?.('pageshow', show);
  };
}

function reportError(error: unknown): void {
  if (typeof globalThis.reportError === 'function') globalThis.reportError(error);
  // oxlint-disable-next-line no-console
  else console.error(error);
}
