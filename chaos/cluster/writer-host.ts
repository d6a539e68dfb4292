import type { Replica, WritersCommand, WritersConfig, WritersReport } from '../processes/messages.js';
import { Child } from './child.js';

/** A process of people who write documents. */
export class WriterHost {
  readonly ready: Promise<void>;
  readonly #child: Child<WritersCommand, WritersReport>;
  #onStopped: (replicas: readonly Replica[]) => void = () => undefined;

  constructor(config: WritersConfig, onCrash: (what: string) => void) {
    let onReady = (): void => undefined;
    const isReady = new Promise<void>((resolve) => (onReady = resolve));
    this.#child = new Child<WritersCommand, WritersReport>({
      script: 'writers',
      config,
      onReport: (report) => (report.type === 'ready' ? onReady() : this.#onStopped(report.replicas)),
      onCrash,
    });
    this.ready = Promise.race([isReady, this.#child.closed]);
  }

  /** Resolves with what each has, when everything is stored or half a minute is over. */
  stop(): Promise<readonly Replica[]> {
    return new Promise((resolve) => {
      this.#onStopped = resolve;
      this.#child.send({ type: 'stop' });
    });
  }

  async end(): Promise<void> {
    await this.#child.end('SIGKILL');
  }
}
