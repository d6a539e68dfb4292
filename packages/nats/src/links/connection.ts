import { type JetStreamClient, type JetStreamManager, jetstream, jetstreamManager } from '@nats-io/jetstream';
import {
  type NatsConnection,
  PermissionViolationError,
  type Status,
  connect,
  createInbox,
} from '@nats-io/transport-node';
import { type Deadline, reasonOf } from './deadline.js';
import type { Settings } from '../options.js';

/** A connection that stands, and what is asked over it. */
export interface Link {
  readonly connection: NatsConnection;
  readonly js: JetStreamClient;
  readonly jsm: JetStreamManager;
  /** Bytes that a message of ours may have, so that it can be read in one answer too, where it is written as base64. */
  readonly maxBytes: number;
  /** Subjects that the servers refused to this user since the connection was last made ready. */
  readonly denied: ReadonlySet<string>;
  newInbox(): string;
}

export interface ConnectionEvents {
  /** The servers can be reached: makes all ready. An error that it throws is logged, and it is called again. */
  up(link: Link): Promise<void>;
  /** A server told that a stream was edited or deleted. */
  edited(): void;
}

const retryMs = 250;
/** Causes of one outage that are logged. */
const maxTold = 5;

/**
 * Keeps one connection to the servers, for as long as it is not closed. Callers wait for it, up to a deadline; an
 * outage is logged once.
 */
export class Connection {
  readonly #settings: Settings;
  readonly #events: ConnectionEvents;
  #link: Link | undefined;
  #ready = false;
  #closed = false;
  #preparing = false;
  /** Rises when the connection is lost: what was prepared before is out of date. */
  #losses = 0;
  /** Why it is not ready. */
  #trouble = 'no connection yet';
  /** Causes logged for the present outage: each once. */
  readonly #told = new Set<string>();
  #waiting: (() => void)[] = [];
  #retry: NodeJS.Timeout | undefined;
  readonly #denied = new Set<string>();
  readonly #running: Promise<void>;

  constructor(settings: Settings, events: ConnectionEvents) {
    this.#settings = settings;
    this.#events = events;
    this.#running = this.#connect();
  }

  /** Undefined while the servers cannot be reached, or not everything is ready. */
  get link(): Link | undefined {
    return this.#ready ? this.#link : undefined;
  }

  /** The server that is connected has this version or a newer one. */
  serverIsFrom(major: number, minor: number): boolean {
    const [ofMajor = 0, ofMinor = 0] = (this.#link?.connection.info?.version ?? '').split('.').map(Number);
    return ofMajor > major || (ofMajor === major && ofMinor >= minor);
  }

  /** Rejects when the servers cannot be reached in time. */
  async reach(deadline: Deadline): Promise<Link> {
    while (!this.#ready) {
      if (this.#closed) throw new Error('The store was closed.');
      await deadline.hold(
        new Promise<void>((resolve) => this.#waiting.push(resolve)),
        () =>
          `NATS at ${this.#settings.servers.join(', ')} cannot be used: ${this.#trouble}. Is it up, with JetStream?`,
      );
    }
    return this.#link!;
  }

  /** Makes all ready anew. */
  refresh(why: string): void {
    if (!this.#ready) return;
    this.#lose(why);
    void this.#prepare();
  }

  async close(): Promise<void> {
    this.#closed = true;
    this.#ready = false;
    clearTimeout(this.#retry);
    this.#wake();
    await this.#running.catch(() => undefined);
    await this.#link?.connection.close();
  }

  async #connect(): Promise<void> {
    const { servers, connection: more, prefix, timeoutMs } = this.#settings;
    try {
      const connection = await connect({
        ...{ ...more, servers, name: `longwave ${prefix}`, timeout: Math.max(timeoutMs, 1000), noAsyncTraces: true },
        ...{ maxReconnectAttempts: -1, reconnectTimeWait: retryMs, reconnectJitter: retryMs },
        ...{ pingInterval: 2000, maxPingOut: 2, ignoreAuthErrorAbort: true },
      });
      if (this.#closed) return await connection.close();
      const options = { timeout: timeoutMs };
      const js = jetstream(connection, options);
      const jsm = await jetstreamManager(connection, { ...options, checkAPI: false });
      const maxBytes = Math.min(2 ** 19, Math.floor((connection.info?.max_payload ?? 2 ** 20) * 0.6));
      this.#link = {
        connection,
        js,
        jsm,
        maxBytes,
        denied: this.#denied,
        newInbox: () => createInbox(more.inboxPrefix),
      };
      void this.#follow(connection);
      // Not all may listen there: then it is seen by who looks.
      for (const act of ['UPDATED', 'DELETED'])
        connection.subscribe(`$JS.EVENT.ADVISORY.STREAM.${act}.*`, {
          callback: (error, { subject }) => {
            if (!error && subject.split('.').at(-1)!.startsWith(`${prefix}_`)) this.#events.edited();
          },
        });
      await this.#prepare();
    } catch (error) {
      this.#fail(error);
      if (!this.#closed) this.#retry = setTimeout(() => void this.#connect(), retryMs);
    }
  }

  async #follow(connection: NatsConnection): Promise<void> {
    for await (const status of connection.status()) {
      if (status.type === 'disconnect') this.#lose('the connection was lost');
      else if (status.type === 'reconnect') void this.#prepare();
      else if (status.type === 'error') this.#refused(status);
    }
  }

  #refused({ error }: Extract<Status, { type: 'error' }>): void {
    // Hearing that streams were edited is not needed, only quicker.
    if (!(error instanceof PermissionViolationError) || error.subject.startsWith('$JS.EVENT.')) return;
    const denied = `${error.operation === 'publish' ? 'publish to' : 'subscribe to'} ${error.subject}`;
    if (this.#denied.has(denied)) return;
    this.#denied.add(denied);
    // While it is made ready all of them are told at once.
    if (this.#ready) this.#settings.logger.error(`NATS does not let this user ${denied}.`);
  }

  async #prepare(): Promise<void> {
    if (this.#preparing || this.#closed) return;
    this.#preparing = true;
    try {
      const losses = this.#losses;
      this.#denied.clear();
      await this.#events.up(this.#link!);
      if (losses !== this.#losses) throw new Error('the connection was lost');
      this.#ready = !this.#closed;
      this.#wake();
      if (this.#told.size > 0) this.#settings.logger.info('NATS can be used again.');
      this.#told.clear();
    } catch (error) {
      this.#fail(error);
      if (!this.#closed) this.#retry = setTimeout(() => void this.#prepare(), retryMs);
    } finally {
      this.#preparing = false;
    }
  }

  #lose(why: string): void {
    if (this.#closed) return;
    this.#ready = false;
    this.#losses++;
    this.#fail(new Error(why));
  }

  #fail(error: unknown): void {
    this.#trouble = reasonOf(error);
    if (this.#closed || this.#told.has(this.#trouble) || this.#told.size >= maxTold) return;
    this.#told.add(this.#trouble);
    this.#settings.logger.error(`NATS cannot be used: ${this.#trouble}. It is tried again until it can.`, error);
  }

  #wake(): void {
    for (const wake of this.#waiting.splice(0)) wake();
  }
}
