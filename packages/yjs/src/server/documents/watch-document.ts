import { type Duration, readDuration } from '@longwave/protocol';
import type * as Y from 'yjs';
import { type Reading, openDocument } from './open-document.js';

/** A change of a document, as `onChange` tells it. */
export interface DocumentChange {
  /** The document as it is now: a copy. */
  readonly doc: Y.Doc;
  /** The users who changed it since the handler was last called, without those who are anonymous. */
  readonly users: readonly string[];
}

/** When `onChange` calls its handler. */
export interface ChangeTiming {
  /** How long nothing may change before. Default `'2s'`. */
  readonly debounce?: Duration;
  /** The longest after a change, though it goes on changing. Default `'10s'`. */
  readonly atLatest?: Duration;
}

/** As `ServerDocuments.onChange`. */
export function watchDocument(
  reading: Reading,
  name: string,
  handler: (change: DocumentChange) => unknown,
  { debounce = '2s', atLatest = '10s' }: ChangeTiming,
): () => void {
  const { documents, listening } = reading.server.engine;
  const quietMs = readDuration(debounce);
  const latestMs = readDuration(atLatest);
  let users = new Set<string>();
  let isRunning = false;
  let isDirty = false;
  let isEnded = false;
  let cancelQuiet = (): void => undefined;
  let cancelLatest: (() => void) | undefined;

  const plan = (): void => {
    isDirty = true;
    if (isRunning || isEnded) return;
    cancelQuiet();
    cancelQuiet = documents.after(quietMs, run);
    cancelLatest ??= documents.after(latestMs, run);
  };
  const stop = (): void => {
    cancelQuiet();
    cancelLatest?.();
    cancelLatest = undefined;
  };
  const run = (): void => {
    stop();
    isRunning = true;
    isDirty = false;
    const told = users;
    users = new Set();
    void tell(told).finally(() => {
      isRunning = false;
      if (isDirty) plan();
    });
  };
  const tell = async (told: ReadonlySet<string>): Promise<void> => {
    let doc: Y.Doc;
    try {
      ({ doc } = await openDocument(reading, name));
    } catch (error) {
      documents.warn(`The document ${name} could not be read.`, error);
      for (const user of told) users.add(user);
      isDirty = true;
      return;
    }
    try {
      if (!isEnded) await handler({ doc, users: [...told] });
    } catch (error) {
      documents.warn(`A handler of changes of ${name} failed.`, error);
    }
  };
  const subscription = listening.subscribe(name, { onReset: plan }, (_, { user }) => {
    if (user !== undefined) users.add(user);
    plan();
  });
  return () => {
    isEnded = true;
    stop();
    subscription.unsubscribe();
  };
}
