import type { Clock } from '@longwave/client';
import { type RulesOf, checkOptions, option } from '@longwave/protocol';
import type { Awareness } from 'y-protocols/awareness';
import type * as Y from 'yjs';
import { DocumentBinding } from './document-binding.js';
import type { DocumentChannel } from './document-channel.js';
import type { DocumentStatus } from './document-status.js';
import { hostPorts } from './ports.js';

/** Options of {@link bind}. */
export interface BindOptions {
  /**
   * The `Awareness` that shows the cursors of others, and whose own state is shown to them. Default: one is made when `awareness` is first
   * asked for. False: nobody sees each other.
   */
  readonly awareness?: Awareness | false;
  /** Time and timers. Default: those of the host. */
  readonly clock?: Clock;
}

/** A `Y.Doc` that is bound to a document. Transactions with the changes of others have it as their `origin`. */
export interface Binding {
  /** The same object until something of it changes. */
  readonly status: DocumentStatus;
  /**
   * Resolves when all that the server had is in the `Y.Doc`, and what only the `Y.Doc` had is stored. Rejects when the binding ends
   * before, or what it had is refused.
   */
  readonly synced: Promise<void>;
  /**
   * Cursors and names, as the bindings of editors take it. A state is shown as long as its client is a member of the channel, and nobody can
   * speak for another's.
   */
  readonly awareness: Awareness;
  /** Calls `listener` after each change of `status`. Returns a function that removes the listener. */
  on(event: 'status', listener: (status: DocumentStatus) => void): () => void;
  /**
   * Ends the binding: nothing of others comes any more, and no listener is called. Changes made before are still sent. Harmless when
   * repeated. A `Y.Doc` that is destroyed does it too.
   */
  unsubscribe(): void;
}

const awareness = option.methods('an Awareness', 'getLocalState', 'setLocalState', 'on');
const rules: RulesOf<BindOptions> = {
  awareness: { accepts: `${awareness.accepts}, or false`, fits: (value) => value === false || awareness.fits(value) },
  clock: option.methods('a clock', 'now', 'setTimer'),
};
const givens = {
  channel: { ...option.methods('a channel of a client', 'subscribe', 'publish'), required: true },
  ydoc: { ...option.methods('a Y.Doc', 'transact', 'getMap', 'on'), required: true },
};

/**
 * Binds a `Y.Doc` to a document: both have the same content from then on, also after edits that were made offline. An edit is acknowledged
 * when it is stored, and `status.unsaved` counts those that are not. Changes of others have the binding as their origin, so an undo
 * manager leaves them alone. Throws `closed` when the client is closed, `TypeError` on an argument or option that cannot be.
 * @example
 * ```ts
 * const ydoc = new Y.Doc();
 * const binding = bind(client.channel('doc/welcome'), ydoc);
 * binding.on('status', ({ unsaved }) => (label.textContent = unsaved > 0 ? 'Saving' : 'Saved'));
 * ```
 */
export function bind(channel: DocumentChannel, ydoc: Y.Doc, options: BindOptions = {}): Binding {
  checkOptions('bind', { channel, ydoc }, givens);
  checkOptions('bind', options, rules);
  return new DocumentBinding(channel, ydoc, hostPorts(options.clock), options.awareness);
}
