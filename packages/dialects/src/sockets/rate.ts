/** Messages and bytes a second, on average; some seconds' worth may come at once. */
export interface RateOptions {
  readonly messagesPerSecond: number;
  readonly bytesPerSecond: number;
}

const burstSeconds = 10;

/** Holds a socket to its rate: it is not read from until what it sent is paid for. */
export class SocketRate {
  readonly #options: RateOptions;
  readonly #hold: (held: boolean) => void;
  #owedMs = 0;
  #at = performance.now();
  #timer: NodeJS.Timeout | undefined;

  constructor(options: RateOptions, hold: (held: boolean) => void) {
    this.#options = options;
    this.#hold = hold;
  }

  spend(bytes: number): void {
    const now = performance.now();
    this.#owedMs = Math.max(0, this.#owedMs - (now - this.#at));
    this.#at = now;
    const { messagesPerSecond, bytesPerSecond } = this.#options;
    this.#owedMs += 1000 * Math.max(1 / messagesPerSecond, bytes / bytesPerSecond);
    const waitMs = this.#owedMs - burstSeconds * 1000;
    if (waitMs <= 0 || this.#timer) return;
    this.#hold(true);
    this.#timer = setTimeout(() => {
      this.#timer = undefined;
      this.#hold(false);
    }, waitMs).unref();
  }

  end(): void {
    clearTimeout(this.#timer);
  }
}
