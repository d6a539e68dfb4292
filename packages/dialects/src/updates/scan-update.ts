import { LongwaveError } from '@longwave/protocol';
import { ByteReader } from './byte-reader.js';

/** The structs of one Yjs client in an update, which stand together. */
export interface Block {
  readonly client: number;
  /** Clock of the first struct. */
  readonly clock: number;
  /** After the last. */
  readonly end: number;
  readonly count: number;
  /** Where its structs begin and end, in the bytes of the update. */
  readonly from: number;
  readonly to: number;
  /** Clocks that it says nothing about: starts and ends by turns. */
  readonly skips: readonly number[];
}

/** Deleted clocks of one Yjs client. */
export interface Deletion {
  readonly client: number;
  readonly from: number;
  readonly to: number;
}

/** The contents of an update, as far as it can be told what it adds to a document. */
export interface Scan {
  readonly blocks: readonly Block[];
  readonly deletions: readonly Deletion[];
}

/**
 * Reads which structs and deletions an update of Yjs (format 1) carries, without making them: a megabyte takes a few milliseconds.
 * Throws `invalid-data` for what is no update.
 */
export function scanUpdate(update: Uint8Array): Scan {
  const reader = new ByteReader(update);
  const blocks: Block[] = [];
  for (let left = reader.uint(); left > 0; left--) blocks.push(scanBlock(reader));
  const deletions: Deletion[] = [];
  for (let clients = reader.uint(); clients > 0; clients--) {
    const client = reader.uint();
    for (let left = reader.uint(); left > 0; left--) {
      const from = reader.uint();
      deletions.push({ client, from, to: checked(from + reader.uint()) });
    }
  }
  if (!reader.done) throw new LongwaveError('invalid-data', 'Bytes follow the update.');
  return { blocks, deletions };
}

function scanBlock(reader: ByteReader): Block {
  const count = reader.uint();
  const client = reader.uint();
  const clock = reader.uint();
  const from = reader.at;
  const skips: number[] = [];
  let end = clock;
  for (let left = count; left > 0; left--) {
    const isSkip = (reader.bytes[reader.at]! & 31) === skipRef;
    const start = end;
    end = checked(end + skipStruct(reader));
    if (isSkip) skips.push(start, end);
  }
  return { client, clock, end, count, from, to: reader.at, skips };
}

/** The structs of a block from the one that has `clock`: how many, the clock of the first, and where it begins. */
export function findStruct(
  update: Uint8Array,
  block: Block,
  clock: number,
): { readonly at: number; readonly clock: number; readonly count: number } {
  const reader = new ByteReader(update, block.from, block.to);
  let start = block.clock;
  for (let passed = 0; passed < block.count; passed++) {
    const { at } = reader;
    const end = start + skipStruct(reader);
    if (end > clock) return { at, clock: start, count: block.count - passed };
    start = end;
  }
  return { at: block.to, clock: block.end, count: 0 };
}

function checked(clock: number): number {
  if (clock > Number.MAX_SAFE_INTEGER) throw new LongwaveError('invalid-data', 'A clock is too large.');
  return clock;
}

const gcRef = 0;
const skipRef = 10;
const hasParentSub = 32;
const hasRightOrigin = 64;
const hasOrigin = 128;
/** Types that have a name: elements of XML and hooks. */
const namedTypes: ReadonlySet<number> = new Set([3, 5]);
const lastType = 6;

/** Skips a struct and returns how many clocks it takes. */
function skipStruct(reader: ByteReader): number {
  const info = reader.byte();
  const ref = info & 31;
  if (ref === gcRef || ref === skipRef) return reader.uint();
  if (info & hasOrigin) skipId(reader);
  if (info & hasRightOrigin) skipId(reader);
  if ((info & (hasOrigin | hasRightOrigin)) === 0) {
    if (reader.uint() === 1) reader.skipText();
    else skipId(reader);
    if (info & hasParentSub) reader.skipText();
  }
  return skipContent(reader, ref);
}

function skipId(reader: ByteReader): void {
  reader.uint();
  reader.uint();
}

function skipContent(reader: ByteReader, ref: number): number {
  switch (ref) {
    case 1:
      return reader.uint();
    case 2: {
      const length = reader.uint();
      for (let left = length; left > 0; left--) reader.skipText();
      return length;
    }
    case 3:
    case 5:
      reader.skipText();
      return 1;
    case 4:
      return reader.textUnits();
    case 6:
      reader.skipText();
      reader.skipText();
      return 1;
    case 7: {
      const type = reader.uint();
      if (type > lastType) throw new LongwaveError('invalid-data', `There is no type ${type}.`);
      if (namedTypes.has(type)) reader.skipText();
      return 1;
    }
    case 8: {
      const length = reader.uint();
      for (let left = length; left > 0; left--) reader.skipAny();
      return length;
    }
    case 9:
      reader.skipText();
      reader.skipAny();
      return 1;
    default:
      throw new LongwaveError('invalid-data', `There is no content of kind ${ref}.`);
  }
}
