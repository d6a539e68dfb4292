import { readlinkSync } from 'node:fs';
import { getPriority, setPriority } from 'node:os';
import process from 'node:process';

/** By so much it is nicer than the others: it has a quarter of the processor where they want all of it. */
const nicer = 5;
const nicest = 19;

/**
 * Has the calling thread give way to the others of its process, so that nobody's letters wait for a compaction where there is one core. Only
 * Linux knows threads apart here; elsewhere nothing is done.
 */
export function giveWay(): void {
  try {
    const thread = Number(readlinkSync('/proc/thread-self').split('/').at(-1));
    if (!Number.isSafeInteger(thread) || thread < 1 || thread === process.pid) return;
    setPriority(thread, Math.min(nicest, getPriority(thread) + nicer));
  } catch {
    // It works all the same.
  }
}
