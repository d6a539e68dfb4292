import type { MessageMeta, ResetInfo, Subscription } from 'longwave/client';

export interface Received {
  readonly offset: number;
  readonly text: string;
}

/** What one subscription was handed, in its order. */
export class Recorder {
  readonly received: Received[] = [];
  readonly resets: ResetInfo[] = [];
  subscription!: Subscription<unknown>;
  #wake: (() => void)[] = [];

  readonly onMessage = (data: unknown, { offset }: MessageMeta): void => {
    this.received.push({ offset, text: (data as { readonly text: string }).text });
    for (const wake of this.#wake.splice(0)) wake();
  };

  readonly onReset = (reset: ResetInfo): void => void this.resets.push(reset);

  get last(): number {
    return this.received.at(-1)?.offset ?? 0;
  }

  /** Resolves when a message of that offset, or a later one, was handed over. */
  async reaches(offset: number): Promise<void> {
    while (this.last < offset) await new Promise<void>((resolve) => void this.#wake.push(resolve));
  }

  /** Messages that are missing, come twice or stand in the wrong place, of the log from the first one on. */
  faults(log: readonly Received[]): string[] {
    const { received, resets } = this;
    const faults = resets.map(({ reason }) => `a reset: ${reason}`);
    const [first] = received;
    if (!first) return faults;
    const expected = log.filter(({ offset }) => offset >= first.offset);
    const seen = new Set<number>();
    for (const [i, { offset, text }] of received.entries()) {
      if (seen.has(offset)) faults.push(`${offset} came twice`);
      else if (i > 0 && offset !== received[i - 1]!.offset + 1)
        faults.push(`${offset} after ${received[i - 1]!.offset}`);
      const stored = log.find((each) => each.offset === offset);
      if (stored?.text !== text) faults.push(`${offset} is '${text.slice(0, 20)}', not '${stored?.text.slice(0, 20)}'`);
      seen.add(offset);
    }
    const lost = expected.filter(({ offset }) => !seen.has(offset));
    return [...faults, ...lost.map(({ offset }) => `${offset} is lost`)];
  }
}
