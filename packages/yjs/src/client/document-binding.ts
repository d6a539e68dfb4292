import { type Client, type Clock, type Timer, clientOf } from '@longwave/client';
import { LongwaveError, checkOptions, option } from '@longwave/protocol';
import type { Awareness } from 'y-protocols/awareness';
import * as Y from 'yjs';
import { missingUpdate, onlyDeletes } from '../format/missing-update.js';
import { Cursors } from './awareness/cursors.js';
import type { DocumentChannel } from './document-channel.js';
import type { DocumentFeed, FeedListener } from './document-feed.js';
import { type DocumentStatus, StatusTeller } from './document-status.js';
import type { BindingPorts } from './ports.js';
import { documentFeedOf } from './shared-feeds.js';
import { UpdateQueue } from './update-queue.js';

/** A round of reading the log, until it is compared with the `Y.Doc`. */
interface Comparison {
  /** Updates of the log. */
  readonly known: Uint8Array[];
  /** All that the log had are there. */
  isComplete: boolean;
  /** The `Y.Doc` may have more. */
  hasMore: boolean;
  /** It waits before it compares. */
  wait: Timer | undefined;
}

/** Time over which the replicas of a log that lost updates compare: the first to come spares the others to send the same. */
const spreadMs = 2_000;

/**
 * A `Y.Doc` and the log of a document, kept equal. Nothing is sent until the log is read: then the two are compared, and what only the
 * `Y.Doc` has goes as one update. From then on each of its changes is sent.
 */
export class DocumentBinding implements FeedListener {
  readonly synced: Promise<void>;
  readonly #channel: DocumentChannel;
  readonly #ydoc: Y.Doc;
  readonly #client: Pick<Client, 'state' | 'onState'> | undefined;
  readonly #clock: Clock;
  readonly #queue: UpdateQueue;
  readonly #teller: StatusTeller;
  readonly #cursors: Cursors;
  readonly #stopState: (() => void) | undefined;
  #feed: DocumentFeed | undefined;
  /** Undefined: the log and the `Y.Doc` are compared, and each change goes its way. */
  #comparison: Comparison | undefined;
  #wasLoaded = false;
  /** Updates of the log are being applied: changes that come now follow from them. */
  #applying = false;
  #end: 'unsubscribed' | LongwaveError | undefined;
  /** The `Y.Doc` as it was when the binding ended, before it was compared. */
  #last: Uint8Array | undefined;
  #settleSynced!: { resolve: () => void; reject: (error: LongwaveError) => void };

  constructor(channel: DocumentChannel, ydoc: Y.Doc, ports: BindingPorts, awareness?: Awareness | false) {
    const { clock, makeGroup, reportError } = ports;
    this.#channel = channel;
    this.#ydoc = ydoc;
    this.#clock = clock;
    this.#client = clientOf(channel);
    this.synced = new Promise((resolve, reject) => {
      this.#settleSynced = { resolve, reject };
    });
    // A caller that does not look at it learns of a failure by the status.
    this.synced.catch(() => {});
    this.#queue = new UpdateQueue({
      publish: (message) => channel.publish(message),
      onChange: () => this.#onQueue(),
      ...{ clock, makeGroup },
    });
    this.#teller = new StatusTeller(() => this.#readStatus(), reportError);
    this.#join();
    const isConnected = (): boolean => !this.#client || this.#client.state.status === 'connected';
    this.#cursors = new Cursors({ channel, ydoc, awareness, isConnected, ports });
    ydoc.on('update', this.#onUpdate);
    ydoc.on('destroy', this.unsubscribe);
    this.#stopState = this.#client?.onState(({ status }) => {
      if (status === 'connected') this.#onConnected();
      this.#teller.changed();
    });
  }

  get status(): DocumentStatus {
    return this.#teller.status;
  }

  get awareness(): Awareness {
    return this.#cursors.awareness;
  }

  on(event: 'status', listener: (status: DocumentStatus) => void): () => void {
    checkOptions('on', { event }, { event: { ...option.oneOf('status'), required: true } });
    return this.#teller.add(listener);
  }

  readonly unsubscribe = (): void => {
    if (this.#end === 'unsubscribed') return;
    this.#end = 'unsubscribed';
    this.#ydoc.off('update', this.#onUpdate);
    this.#ydoc.off('destroy', this.unsubscribe);
    this.#stopState?.();
    this.#teller.stop();
    this.#cursors.end();
    this.#settleSynced.reject(new LongwaveError('closed', 'Unsubscribed.'));
    // It is not known yet which changes the log lacks: that is waited for.
    if (this.#comparison?.hasMore && this.#feed) this.#last = Y.encodeStateAsUpdate(this.#ydoc);
    else this.#leave();
  };

  onOpening(isShaken: boolean): void {
    this.#comparison?.wait?.cancel();
    const wait = isShaken ? this.#clock.setTimer(() => this.#onWaited(), this.#ydoc.clientID % spreadMs) : undefined;
    this.#comparison = {
      known: [],
      isComplete: false,
      hasMore: hasContent(this.#ydoc) || this.#last !== undefined,
      wait,
    };
    this.#queue.hold();
    this.#teller.changed();
  }

  onLoaded(updates: readonly Uint8Array[]): void {
    if (this.#comparison) this.#comparison.isComplete = true;
    this.#wasLoaded = true;
    try {
      this.onUpdates(updates);
    } finally {
      this.#compare();
    }
  }

  onUpdates(updates: readonly Uint8Array[]): void {
    this.#comparison?.known.push(...updates);
    if (this.#end !== 'unsubscribed') this.#apply(updates);
  }

  onStanding(isAnew: boolean): void {
    // A right may have come with the new connection.
    if (isAnew && !this.#comparison) this.#queue.release();
    this.#teller.changed();
  }

  onEnd(error: LongwaveError): void {
    this.#feed = undefined;
    if (this.#end === 'unsubscribed') return this.#leave();
    this.#end = error;
    this.#queue.hold();
    this.#settleSynced.reject(error);
    this.#teller.changed();
  }

  #leave(): void {
    this.#comparison?.wait?.cancel();
    this.#feed?.leave(this);
    this.#feed = this.#last = undefined;
    this.#queue.finish();
  }

  #onConnected(): void {
    // A client that was refused may have got the right, or another token.
    if (this.#end && this.#end !== 'unsubscribed') this.#join();
    this.#cursors.onConnected();
  }

  #onWaited(): void {
    if (this.#comparison) this.#comparison.wait = undefined;
    this.#compare();
  }

  #join(): void {
    this.#end = undefined;
    this.#feed = documentFeedOf(this.#channel);
    this.#feed.join(this);
  }

  #apply(updates: readonly Uint8Array[]): void {
    const errors: unknown[] = [];
    this.#applying = true;
    try {
      Y.transact(
        this.#ydoc,
        () => {
          for (const update of updates) {
            try {
              Y.applyUpdate(this.#ydoc, update, this);
            } catch (error) {
              errors.push(error);
            }
          }
        },
        this,
        false,
      );
    } finally {
      this.#applying = false;
    }
    if (errors.length > 0) throw errors[0];
  }

  /** Sends what only the `Y.Doc` has, once nothing is on its way of which the log will have more than it had. */
  #compare(): void {
    const comparison = this.#comparison;
    if (!comparison?.isComplete || comparison.wait || !this.#queue.idle || !this.#feed) return;
    this.#comparison = undefined;
    const all = comparison.hasMore ? (this.#last ?? Y.encodeStateAsUpdate(this.#ydoc)) : undefined;
    this.#queue.replace(all && missingUpdate(all, comparison.known), () => this.#settleSynced.resolve());
    if (this.#end === 'unsubscribed') this.#leave();
    this.#teller.changed();
  }

  readonly #onUpdate = (update: Uint8Array, origin: unknown, _: Y.Doc, { local }: Y.Transaction): void => {
    if (origin === this) return;
    // Replicas tidy up formats after they applied an update: each does it by itself.
    const isConsequence = this.#applying && onlyDeletes(update);
    if (this.#comparison && !isConsequence) this.#comparison.hasMore = true;
    // A copy that was read from a disk meanwhile may have all of the log: the comparison tells.
    if (this.#comparison && !local) return;
    this.#queue.add({ update, counts: isConsequence ? 0 : 1 });
    this.#teller.changed();
  };

  #onQueue(): void {
    const { error } = this.#queue;
    if (error) this.#settleSynced.reject(error);
    this.#compare();
    this.#teller.changed();
  }

  #readStatus(): DocumentStatus {
    const { unsaved, error } = this.#queue;
    const ended = this.#end === 'unsubscribed' || this.#end?.code === 'closed' ? undefined : this.#end;
    // The client waits for another token (CLI-9).
    const refused = this.#client?.state.status === 'closed' ? this.#client.state.error : undefined;
    return { state: this.#readState(), synced: this.#wasLoaded, unsaved, error: ended ?? refused ?? error };
  }

  #readState(): DocumentStatus['state'] {
    if (this.#end) return 'ended';
    const state = this.#client?.state;
    if (state && state.status !== 'connected') {
      const isFirst = !this.#wasLoaded && state.status === 'connecting' && state.attempt === 1;
      return isFirst ? 'opening' : 'offline';
    }
    return this.#feed?.current && (this.#comparison?.isComplete ?? true) ? 'live' : 'opening';
  }
}

function hasContent({ store }: Y.Doc): boolean {
  return store.clients.size > 0 || store.pendingStructs !== null || store.pendingDs !== null;
}
