import type { Watched, WatchersCommand, WatchersConfig, WatchersReport } from '../processes/messages.js';
import { Child } from './child.js';

/** A process of clients that only watch. */
export class WatcherHost {
  readonly ready: Promise<void>;
  readonly #child: Child<WatchersCommand, WatchersReport>;
  #onMeasured: (watched: readonly Watched[]) => void = () => undefined;

  constructor(config: WatchersConfig, onCrash: (what: string) => void) {
    let onReady = (): void => undefined;
    const isReady = new Promise<void>((resolve) => (onReady = resolve));
    this.#child = new Child<WatchersCommand, WatchersReport>({
      script: 'watchers',
      config,
      onReport: (report) => (report.type === 'ready' ? onReady() : this.#onMeasured(report.watched)),
      onCrash,
    });
    this.ready = Promise.race([isReady, this.#child.closed]);
  }

  arm(at: number): void {
    this.#child.send({ type: 'arm', at });
  }

  measure(): Promise<readonly Watched[]> {
    return new Promise((resolve) => {
      this.#onMeasured = resolve;
      this.#child.send({ type: 'measure' });
    });
  }

  async end(): Promise<void> {
    await this.#child.end('SIGKILL');
  }
}
