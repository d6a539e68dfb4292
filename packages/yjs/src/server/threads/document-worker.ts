import { parentPort } from 'node:worker_threads';
import * as Y from 'yjs';
import { compactUpdates } from '../compaction/compact-updates.js';
import { type Written, readMessages } from '../compaction/read-messages.js';
import { sliceUpdate } from '../compaction/slice-update.js';
import { updateOf } from '../documents/update-of.js';
import { toJson, toText } from '../documents/roots.js';
import { compareStates } from '../versions/compare.js';
import { becomeLike } from '../versions/restore.js';
import { giveWay } from './give-way.js';
import type { Chunk, FromThread, Job } from './thread-messages.js';

/** A thread that does one job after the other: chunks of documents come in, one answer goes out. */
function run(port: NonNullable<typeof parentPort>): void {
  giveWay();
  let documents: Written[][] = [];
  port.on('message', (chunk: Chunk) => {
    (documents[chunk.document] ??= []).push(...split(chunk));
    if (!chunk.isLast) return;
    const all = documents;
    documents = [];
    const answer = attempt(chunk.job, all);
    const bytes =
      'done' in answer && answer.done instanceof Uint8Array ? (answer.done as Uint8Array<ArrayBuffer>) : undefined;
    port.postMessage(answer, bytes ? [bytes.buffer] : []);
  });
}

function split({ bytes, lengths, users, times }: Chunk): Written[] {
  let end = 0;
  return lengths.map((length, i) => ({
    payload: bytes.subarray(end, (end += length)),
    user: users[i],
    time: times[i]!,
  }));
}

function attempt(job: Job, documents: readonly (readonly Written[])[]): FromThread {
  try {
    return { done: ownBytes(perform(job, documents)) };
  } catch (error) {
    if (error instanceof RangeError) return { failed: error.message, isRange: true };
    return { failed: error instanceof Error ? (error.stack ?? error.message) : String(error), isRange: false };
  }
}

function perform(job: Job, [first = [], second = []]: readonly (readonly Written[])[]): unknown {
  switch (job.kind) {
    case 'compact':
      return compactUpdates(first);
    case 'text':
      return toText(readMessages(first).doc, job.root);
    case 'json':
      return toJson(readMessages(first).doc);
    case 'slices':
      return sliceUpdate(Y.encodeStateAsUpdate(readMessages(first).doc));
    case 'condition': {
      const { isBlank, pieces } = readMessages(first);
      return { isBlank, pieces: pieces.length };
    }
    case 'compare':
      return compareStates(readMessages(first), readMessages(second));
    case 'difference': {
      const { doc: model } = readMessages(first);
      return updateOf(readMessages(second).doc, (doc) => becomeLike(doc, model), 'restore');
    }
  }
}

/** In a buffer of their own, which is handed over. */
function ownBytes(done: unknown): unknown {
  return done instanceof Uint8Array && done.byteLength !== done.buffer.byteLength ? done.slice() : done;
}

if (parentPort) run(parentPort);
