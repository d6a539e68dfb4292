import type { ChannelDump } from '../checker/channel-book.js';
import type {
  ClientsCommand,
  ClientsConfig,
  ClientsReport,
  EndState,
  Interval,
  QuietSighting,
  ViolationsDump,
} from '../processes/messages.js';
import { Child } from './child.js';

type Of<T extends ClientsReport['type']> = Extract<ClientsReport, { type: T }>;

export interface HostEvents {
  onInterval(interval: Interval): void;
  onQuiet(sightings: readonly QuietSighting[]): void;
  onChannel(dump: ChannelDump): void;
  onCrash(what: string): void;
}

/** A process of clients. */
export class ClientHost {
  violations: ViolationsDump = { counts: new Map(), kept: [] };
  readonly #child: Child<ClientsCommand, ClientsReport>;
  readonly #waiting = new Map<ClientsReport['type'], (report: ClientsReport) => void>();

  constructor(config: ClientsConfig, events: HostEvents) {
    this.#child = new Child<ClientsCommand, ClientsReport>({
      script: 'clients',
      config,
      onReport: (report) => {
        switch (report.type) {
          case 'interval':
            this.violations = report.violations;
            return events.onInterval(report.interval);
          case 'quiet':
            return events.onQuiet(report.sightings);
          case 'channel':
            return events.onChannel(report.dump);
          case 'ready':
          case 'stopped':
          case 'settled':
          case 'dumped':
            this.#waiting.get(report.type)?.(report);
            this.#waiting.delete(report.type);
        }
      },
      onCrash: events.onCrash,
    });
  }

  ready(): Promise<Of<'ready'>> {
    return this.#next('ready');
  }

  start(): void {
    this.#child.send({ type: 'start' });
  }

  revoked(user: string, at: number): void {
    this.#child.send({ type: 'revoked', user, at });
  }

  stop(): Promise<Of<'stopped'>> {
    return this.#ask({ type: 'stop' }, 'stopped');
  }

  settle(end: EndState): Promise<Of<'settled'>> {
    return this.#ask({ type: 'settle', end }, 'settled');
  }

  dump(): Promise<Of<'dumped'>> {
    return this.#ask({ type: 'dump' }, 'dumped');
  }

  async end(): Promise<void> {
    await this.#child.end('SIGKILL');
  }

  #ask<T extends ClientsReport['type']>(command: ClientsCommand, answer: T): Promise<Of<T>> {
    this.#child.send(command);
    return this.#next(answer);
  }

  #next<T extends ClientsReport['type']>(type: T): Promise<Of<T>> {
    const report = new Promise<Of<T>>((resolve) => {
      this.#waiting.set(type, (message) => resolve(message as Of<T>));
    });
    const gone = this.#child.closed.then((): never => {
      throw new Error(`A process of clients ended before it said '${type}'.`);
    });
    return Promise.race([report, gone]);
  }
}
