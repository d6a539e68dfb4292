import type { Checkpoints, StoredHead } from './checkpoints.js';
import type { Link } from '../links/connection.js';
import type { Deadline } from '../links/deadline.js';
import { JournalHole } from './journal-hole.js';
import { type Era, Model } from './model.js';
import type { ChannelNames } from '../names.js';
import { readJournal } from './read-journal.js';

export interface ModelSource {
  readonly stream: string;
  /** Epoch of a channel that has no operation yet. */
  readonly epoch: string;
  /** The log begins after this message of the stream. */
  readonly after: number;
  readonly eras: readonly Era[];
  readonly checkpoints: Checkpoints;
  readonly maxProducers: number;
  /**
   * The journal of this subject has a message, as far as this node was told: its last one is removed by none of ours.
   */
  isWritten(subject: string): boolean;
  /** The lease clock of this node. */
  elapsed(): number;
}

const maxTries = 5;

/**
 * Makes the model of a channel, as it is at the moment of the call or later, from its checkpoint and the messages of
 * its journal after that. `kept` is a model that may have missed a part of the journal: it is taken when no checkpoint
 * covers more than it has. `begun` is told of a model that is complete up to its `seq`, and grows; `apply` carries a
 * message out.
 */
export async function readModel(
  link: Link,
  source: ModelSource,
  names: ChannelNames,
  {
    kept,
    begun,
    apply,
    deadline,
  }: {
    readonly kept: Model | undefined;
    readonly begun: (model: Model) => void;
    readonly apply: (model: Model, seq: number, message: Uint8Array) => void;
    readonly deadline: Deadline;
  },
): Promise<Model> {
  let mayKeep = kept;
  for (let i = 0; i < maxTries; i++) {
    // As it was when the question was asked: it may come while the answer is on its way.
    const isWritten = source.isWritten(names.journal);
    const newest = await link.jsm.streams.getMessage(source.stream, { last_by_subj: names.journal });
    const last = newest && newest.seq > source.after ? newest : undefined;
    if (!last && isWritten) throw new JournalHole('its journal is gone');
    const head = last ? await source.checkpoints.head(link, names) : undefined;
    const model = await baseOf(link, source, names, head, mayKeep);
    mayKeep = undefined;
    if (!model) continue;
    begun(model);
    if (last && model.seq < last.seq) {
      const range = { stream: source.stream, subject: names.journal, after: model.seq, to: last.seq };
      const isRead = await readWhole(readJournal(link, range, (seq, message) => apply(model, seq, message), deadline));
      // Otherwise a part of it may have been gone already.
      if ((await source.checkpoints.head(link, names))?.seq !== head?.seq) continue;
      if (isRead !== true) throw isRead;
    }
    model.enter(source.eras);
    return model;
  }
  throw new Error('its checkpoints come faster than they can be read');
}

/** A hole is none where a newer checkpoint has taken the place of what was read. */
function readWhole(reading: Promise<void>): Promise<true | JournalHole> {
  return reading.then(
    () => true as const,
    (error: unknown) => {
      if (error instanceof JournalHole) return error;
      throw error;
    },
  );
}

/** The model that the journal continues. Undefined: a newer checkpoint took the place of this one. */
async function baseOf(
  link: Link,
  { epoch, after, eras, maxProducers, checkpoints, elapsed }: ModelSource,
  names: ChannelNames,
  head: StoredHead | undefined,
  kept: Model | undefined,
): Promise<Model | undefined> {
  if (kept && (!head || (head.era === kept.era && head.covers <= kept.seq))) return kept;
  if (!head) return new Model(epoch, maxProducers, after);
  const snapshot = await checkpoints.read(link, names, head);
  if (!snapshot) return undefined;
  const model = Model.restore(snapshot, maxProducers, elapsed());
  // The checkpoint may be from a journal that lost its end since: the later messages have lower numbers.
  model.seq = Math.min(model.seq, eras[head.era]?.after ?? Infinity);
  return model;
}
