import { isUpdate } from '@longwave/yjs/format';
import { ByteWriter } from './byte-writer.js';
import type { Block, Scan } from './scan-update.js';
import { type Parts, itemsPerPart } from './turns.js';

/** Some structs of a block. */
interface Run {
  readonly clock: number;
  /** Where they begin, in the bytes of the update. */
  readonly at: number;
  /** Structs of the block in front of them. */
  readonly passed: number;
}

/**
 * Whether every Yjs can apply an update that came in pieces, which nobody has looked at: as `isUpdate`, whose rules are about one struct or
 * one deletion each, so that runs of them can be looked at one after the other.
 */
export function* checkParts(update: Uint8Array, { blocks, deletions }: Scan): Parts<boolean> {
  if (deletions.some(({ from, to }) => to <= from)) return false;
  let room = itemsPerPart;
  for (const block of blocks) {
    for (const part of partsOf(update, block)) {
      if (room <= 0) {
        yield;
        room = itemsPerPart;
      }
      if (!isUpdate(part.update)) return false;
      room -= part.count;
    }
  }
  return true;
}

/** Updates of a run of structs each, which say together what the block says. */
function* partsOf(
  update: Uint8Array,
  block: Block,
): Generator<{ readonly update: Uint8Array; readonly count: number }> {
  const { client, clock, count, from, to, marks } = block;
  if (count === 0) return;
  const runs: Run[] = [{ clock, at: from, passed: 0 }, ...marks];
  for (const [i, run] of runs.entries()) {
    const next = runs[i + 1];
    const structs = (next?.passed ?? count) - run.passed;
    const writer = new ByteWriter().uint(1).uint(structs).uint(client).uint(run.clock);
    yield {
      update: writer
        .raw(update.subarray(run.at, next?.at ?? to))
        .uint(0)
        .finish(),
      count: structs,
    };
  }
}
