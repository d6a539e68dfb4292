import { LongwaveError } from '@longwave/protocol';
import { ByteReader } from './byte-reader.js';
import { type Parts, atOnce, itemsPerPart } from './turns.js';

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
  /** Some of its structs, so that the others are found without reading all. */
  readonly marks: readonly Mark[];
}

/** A struct of a block. */
interface Mark {
  readonly clock: number;
  /** Where it begins, in the bytes of the update. */
  readonly at: number;
  /** Structs in front of it. */
  readonly passed: number;
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

/** Structs between two marks: a reader that has some of many blocks has as many read of each at most. */
const markEvery = 128;

/**
 * Reads which structs and deletions an update of Yjs (format 1) carries, without making them. Throws `invalid-data` for what is no update;
 * bytes that follow one say nothing, as to Yjs.
 */
export function scanUpdate(update: Uint8Array): Scan {
  return atOnce(scanParts(update));
}

/** As `scanUpdate`. A megabyte takes some ten milliseconds. */
export function* scanParts(update: Uint8Array): Parts<Scan> {
  const reader = new ByteReader(update);
  const blocks: Block[] = [];
  let room = itemsPerPart;
  for (let left = reader.uint(); left > 0; left--) {
    const block = beginBlock(reader);
    do {
      if (room <= 0) {
        yield;
        room = itemsPerPart;
      }
      // One without structs takes its time too.
      room -= 1 + scanStructs(reader, block, room);
    } while (block.left > 0);
    const { client, clock, end, count, from, skips, marks } = block;
    blocks.push({ client, clock, end, count, from, to: reader.at, skips, marks });
  }
  const deletions: Deletion[] = [];
  let [clients, client, left] = [reader.uint(), 0, 0];
  for (; clients > 0 || left > 0; room--) {
    if (room <= 0) {
      yield;
      room = itemsPerPart;
    }
    if (left > 0) {
      left--;
      const from = reader.uint();
      deletions.push({ client, from, to: checked(from + reader.uint()) });
    } else {
      clients--;
      [client, left] = [reader.uint(), reader.uint()];
    }
  }
  return { blocks, deletions };
}

/** A block that is being read. */
interface OpenBlock {
  readonly client: number;
  readonly clock: number;
  readonly count: number;
  readonly from: number;
  skips: readonly number[];
  marks: readonly Mark[];
  end: number;
  /** Structs to be read. */
  left: number;
}

/** Of most updates: each letter of a document that is held has one. */
const noSkips: readonly number[] = [];
const noMarks: readonly Mark[] = [];

function beginBlock(reader: ByteReader): OpenBlock {
  const count = reader.uint();
  const client = reader.uint();
  const clock = reader.uint();
  return { client, clock, count, from: reader.at, skips: noSkips, marks: noMarks, end: clock, left: count };
}

/** Reads at most `limit` structs. Returns how many. */
function scanStructs(reader: ByteReader, block: OpenBlock, limit: number): number {
  const { count } = block;
  const skips: number[] = [];
  const marks: Mark[] = [];
  const before = block.left;
  const until = Math.max(0, before - limit);
  let { end, left } = block;
  for (; left > until; left--) {
    const { at } = reader;
    const passed = count - left;
    if (passed > 0 && passed % markEvery === 0) marks.push({ clock: end, at, passed });
    const isSkip = (reader.bytes[at]! & 31) === skipRef;
    const start = end;
    end = checked(end + skipStruct(reader));
    if (isSkip) skips.push(start, end);
  }
  block.end = end;
  block.left = left;
  if (skips.length > 0) block.skips = [...block.skips, ...skips];
  if (marks.length > 0) block.marks = [...block.marks, ...marks];
  return before - left;
}

/** The structs of a block from the one that has `clock`: how many, the clock of the first, and where it begins. */
export function findStruct(
  update: Uint8Array,
  block: Block,
  clock: number,
): { readonly at: number; readonly clock: number; readonly count: number } {
  const mark = block.marks.findLast((each) => each.clock <= clock);
  const reader = new ByteReader(update, mark?.at ?? block.from, block.to);
  let start = mark?.clock ?? block.clock;
  for (let passed = mark?.passed ?? 0; passed < block.count; passed++) {
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
