import { LongwaveError, encodePayload } from '@longwave/protocol';
import { ByteReader } from '../updates/byte-reader.js';
import { ByteWriter } from '../updates/byte-writer.js';

/** The state of one Yjs client in an awareness update. */
export interface AwarenessEntry {
  readonly client: number;
  /** Rises with each state of the client. */
  readonly clock: number;
  /** JSON; `null`: the client is gone. */
  readonly json: string;
}

/** Nobody is said anything of: a sign of life. */
export const emptyAwareness: Uint8Array = Uint8Array.of(0);

const maxEntries = 10_000;
/** UTF-16 units of one state. */
const maxStateUnits = 16 * 1024;

export function encodeAwareness(entries: readonly AwarenessEntry[]): Uint8Array {
  const writer = new ByteWriter().uint(entries.length);
  for (const { client, clock, json } of entries) writer.uint(client).uint(clock).text(json);
  return writer.finish();
}

/** Throws `invalid-data`. */
export function decodeAwareness(update: Uint8Array): AwarenessEntry[] {
  const reader = new ByteReader(update);
  const count = reader.uint();
  if (count > maxEntries) throw new LongwaveError('invalid-data', 'The awareness update has too many entries.');
  const entries: AwarenessEntry[] = [];
  for (let left = count; left > 0; left--) {
    entries.push({ client: reader.uint(), clock: reader.uint(), json: reader.text() });
  }
  return entries;
}

/** Returns the state, or undefined where it is none that members may say of themselves. */
export function parseState(json: string): unknown {
  if (json.length > maxStateUnits) return undefined;
  try {
    const state: unknown = JSON.parse(json);
    // Refuses what nests too deep, and texts that are not well-formed.
    encodePayload(state);
    return state;
  } catch {
    return undefined;
  }
}
