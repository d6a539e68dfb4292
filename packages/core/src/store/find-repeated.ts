import { fault } from '../base/fault.js';
import type { NewOperation, Producer } from '../base/ports.js';
import type { ProducerWindows } from './producer-windows.js';

/** A channel's memory of the publishes that it stored. */
export interface PublishMemory {
  readonly windows: Pick<ProducerWindows, 'find' | 'overtakes'>;
  /** Some operation with a message id is no longer retained, and its id is forgotten with it. */
  readonly forgotIds: boolean;
  /** The offset of the retained operation with this message id. */
  offsetOf(id: string, user: string | undefined): number | undefined;
  /** Whether the publish may have been stored before the channel was forgotten and began anew. Default: never. */
  mayHaveBefore?(entry: NewOperation): boolean;
  /** Remembers in the window of the producer that the publish is stored at `offset`. */
  recordSequence(user: string | undefined, producer: Producer, offset: number): void;
}

/**
 * Finds a publish that was stored before: by producer and sequence, and by message id for what is retained (PUB-2, PUB-3). Returns the
 * offset of the first, undefined when it is new. Throws `too-old` when that can no longer be told (PUB-4), `out-of-order` when the
 * publish before it is not there (PUB-7).
 */
export function findRepeated(memory: PublishMemory, entry: NewOperation): number | undefined {
  const { id, user, producer, retry = false } = entry;
  // Check the order before the message id: a match by id would make later publishes believe that this `seq` is stored.
  if (producer && memory.windows.overtakes(user, producer)) throw fault('out-of-order');
  // Sequence before id: under the same message id another publish may have come since the first was trimmed.
  const bySequence = producer && memory.windows.find(user, producer, retry);
  if (typeof bySequence === 'number') return bySequence;
  const byId = id === undefined ? undefined : memory.offsetOf(id, user);
  if (byId === undefined) {
    if (bySequence === 'unknown' || (retry && mayBeForgotten(memory, entry))) throw fault('too-old');
    return undefined;
  }
  // Its sequence is known from now on too, for when the id is forgotten first. Not where more of this producer may have been
  // forgotten: one sequence known must not make the others look new.
  if (producer && memory.windows.find(user, producer, true) === 'new') memory.recordSequence(user, producer, byId);
  return byId;
}

/** Whether a retry that is found nowhere may have been stored all the same. */
function mayBeForgotten(memory: PublishMemory, entry: NewOperation): boolean {
  const byIdAlone = entry.producer === undefined && entry.id !== undefined;
  return (byIdAlone && memory.forgotIds) || memory.mayHaveBefore?.(entry) === true;
}
