import { LongwaveError, wireLimits } from '@longwave/protocol';
import * as Y from 'yjs';
import { isPlainUpdate } from './plain-update.js';

/**
 * Throws `invalid-data` unless every Yjs can apply the update: it parses, nothing in it is empty or counts beyond whole numbers, and
 * its values nest no deeper than JSON of a peer may (WIRE-9). An update that changes nothing is legal. Its cost is bounded by its bytes.
 */
export function checkUpdate(update: Uint8Array): void {
  try {
    const { structs, ds } = Y.decodeUpdate(update);
    for (const struct of structs) checkStruct(struct);
    for (const { clock, len } of [...ds.clients.values()].flat()) checkRange(clock, len);
  } catch (cause) {
    throw new LongwaveError('invalid-data', 'This is no update of Yjs.', { cause });
  }
}

/** As `checkUpdate`, without the reason. */
export function isUpdate(update: Uint8Array): boolean {
  // A tenth of the time, and most are.
  if (isPlainUpdate(update)) return true;
  try {
    checkUpdate(update);
    return true;
  } catch {
    return false;
  }
}

/** Yjs finds no place for what is empty. */
function checkRange(clock: number, length: number): void {
  if (length < 1 || !Number.isSafeInteger(clock + length)) throw new RangeError(`A range has the length ${length}.`);
}

function checkStruct(struct: Y.Item | Y.GC | Y.Skip): void {
  const { id, length } = struct;
  checkRange(id.clock, length);
  if (!(struct instanceof Y.Item)) return;
  const { origin, rightOrigin, parent } = struct;
  for (const other of [origin, rightOrigin, parent]) {
    // Within a client each struct is there before the next: Yjs looks for it at once.
    if (other instanceof Y.ID && other.client === id.client && other.clock >= id.clock)
      throw new RangeError('A struct refers to a later one of its client.');
  }
  const value = valueOf(struct.content);
  if (typeof value === 'object' && value !== null && nestsDeeperThan(value, wireLimits.jsonDepth))
    throw new RangeError('A value nests too deep.');
}

function valueOf(content: Y.Item['content']): unknown {
  if (content instanceof Y.ContentAny || content instanceof Y.ContentJSON) return content.arr;
  if (content instanceof Y.ContentEmbed) return content.embed;
  if (content instanceof Y.ContentFormat) return content.value;
  return undefined;
}

function nestsDeeperThan(value: object, depth: number): boolean {
  let level: object[] = [value];
  // The outermost is that of the content.
  for (let left = depth + 1; left > 0; left--) {
    level = level.flatMap((each) => (each instanceof Uint8Array ? [] : Object.values(each).filter(isObject)));
    if (level.length === 0) return false;
  }
  return true;
}

function isObject(value: unknown): value is object {
  return typeof value === 'object' && value !== null;
}
