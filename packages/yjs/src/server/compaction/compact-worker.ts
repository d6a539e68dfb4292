import { parentPort } from 'node:worker_threads';
import type { Chunk, FromCompactor } from './compact-messages.js';
import { compactUpdates } from './compact-updates.js';
import type { Written } from './read-messages.js';

/** A thread that compacts one document after the other: chunks of messages come in, one message goes out. */
function run(port: NonNullable<typeof parentPort>): void {
  let messages: Written[] = [];
  port.on('message', (chunk: Chunk) => {
    messages.push(...split(chunk));
    if (!chunk.isLast) return;
    const all = messages;
    messages = [];
    const answer = compact(all);
    port.postMessage(answer, 'done' in answer ? [answer.done.buffer] : []);
  });
}

function split({ bytes, lengths, users }: Chunk): Written[] {
  let end = 0;
  return lengths.map((length, i) => ({ payload: bytes.subarray(end, (end += length)), user: users[i] }));
}

function compact(messages: readonly Written[]): FromCompactor {
  try {
    const done = compactUpdates(messages);
    // A copy in a buffer of its own, which is handed over.
    return { done: done.byteLength === done.buffer.byteLength ? (done as Uint8Array<ArrayBuffer>) : done.slice() };
  } catch (error) {
    return { failed: error instanceof Error ? (error.stack ?? error.message) : String(error) };
  }
}

if (parentPort) run(parentPort);
