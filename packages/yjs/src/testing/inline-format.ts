import type { DocumentFormat } from '@longwave/core';
import { LongwaveError } from '@longwave/protocol';
import * as Y from 'yjs';
import { Assembler } from '../format/assembler.js';
import { decodePayload, encodeCompacted } from '../format/payload.js';

/** Does at once what a server has a worker for. */
export const inlineFormat: DocumentFormat = {
  check(payload) {
    const decoded = decodePayload(payload);
    if (decoded.kind === 'compacted') throw new LongwaveError('invalid-data', 'Only a server compacts.');
    if (decoded.kind === 'update') Y.decodeUpdate(decoded.update);
  },
  compact(updates) {
    const assembler = new Assembler();
    const ydoc = new Y.Doc();
    for (const { payload } of updates) for (const update of assembler.take(payload)) Y.applyUpdate(ydoc, update);
    return encodeCompacted({ update: Y.encodeStateAsUpdate(ydoc), pieces: assembler.pieces, since: {}, authors: {} });
  },
};
