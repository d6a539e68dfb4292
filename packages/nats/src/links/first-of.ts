export interface Attempts {
  /** So many are made at most. */
  readonly max: number;
  /**
   * Milliseconds without an answer after which another one is made beside the first; twice as many with each that gives
   * none.
   */
  readonly besideMs: number;
}

/**
 * Makes attempts until one gives something: the next one at once when one gives undefined, and beside those that are
 * under way when they give no answer. Rejects as the first that fails. `attempt` is told by `isOver` whether its result
 * is still wanted.
 */
export function firstOf<T>(
  attempt: (isOver: () => boolean) => Promise<T | undefined>,
  { max, besideMs }: Attempts,
): Promise<T | undefined> {
  return new Promise((resolve, reject) => {
    let made = 0;
    let running = 0;
    let over = false;
    let timer: NodeJS.Timeout | undefined;
    const end = (finish: () => void): void => {
      over = true;
      clearTimeout(timer);
      finish();
    };
    const start = (): void => {
      clearTimeout(timer);
      if (over) return;
      if (made >= max) {
        if (running === 0) end(() => resolve(undefined));
        return;
      }
      made++;
      running++;
      timer = setTimeout(start, besideMs * 2 ** (running - 1));
      attempt(() => over).then(
        (result) => {
          running--;
          if (over) return;
          if (result === undefined) start();
          else end(() => resolve(result));
        },
        (error: unknown) => {
          if (!over) end(() => reject(error instanceof Error ? error : new Error(String(error))));
        },
      );
    };
    start();
  });
}
