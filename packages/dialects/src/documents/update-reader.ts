import { Assembler, decodePayload, isUpdate } from '@longwave/yjs/format';
import { checkParts } from '../updates/check-parts.js';
import { type Scan, scanParts, scanUpdate } from '../updates/scan-update.js';
import { inTurns, smallBytes } from '../updates/turns.js';

/** An update of the log, and what it says. */
export interface ReadUpdate {
  readonly update: Uint8Array;
  readonly scan: Scan;
}

type Gathered = ReturnType<Assembler['gather']>[number];

/** Reads the messages of a document's log, in their order. A large update is read in turns of the event loop. */
export class UpdateReader {
  readonly #assembler = new Assembler();

  /**
   * The updates that are whole with this message; a promise where one is large. Throws or rejects with `invalid-data` for what is no
   * message of a document.
   */
  read(message: Uint8Array): readonly ReadUpdate[] | Promise<readonly ReadUpdate[]> {
    const gathered = this.#assembler.gather(decodePayload(message));
    if (gathered.some(({ update }) => update.length > smallBytes)) return this.#readInTurns(gathered);
    const updates: ReadUpdate[] = [];
    for (const { update, isChecked } of gathered)
      if (isChecked || isUpdate(update)) updates.push({ update, scan: scanUpdate(update) });
    return updates;
  }

  async #readInTurns(gathered: readonly Gathered[]): Promise<readonly ReadUpdate[]> {
    const updates: ReadUpdate[] = [];
    for (const { update, isChecked } of gathered) {
      const scan = await scanned(update, isChecked);
      if (scan && (isChecked || (await inTurns(checkParts(update, scan))))) updates.push({ update, scan });
    }
    return updates;
  }
}

/** Undefined for pieces that make up nothing that could be read. Rejects with `invalid-data` where others have checked it. */
async function scanned(update: Uint8Array, isChecked: boolean): Promise<Scan | undefined> {
  try {
    return await inTurns(scanParts(update));
  } catch (error) {
    if (isChecked) throw error;
    return undefined;
  }
}
