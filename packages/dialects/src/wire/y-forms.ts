import { ByteWriter } from '../updates/byte-writer.js';
import { type Form, type Frame, encodeBinaryFrame } from './frame.js';

/** Message types that both dialects have. */
export const messageType = { sync: 0, awareness: 1, auth: 2, queryAwareness: 3 } as const;
export const syncType = { step1: 0, step2: 1, update: 2 } as const;

/** Frames of y-protocols. `prefix`: bytes in front of each message. */
export function createForm(key: string, prefix: Uint8Array): Form {
  const sync = (type: number, bytes: Uint8Array): Frame =>
    encodeBinaryFrame(
      new ByteWriter().raw(prefix).uint(messageType.sync).uint(type).uint(bytes.length).finish(),
      bytes,
    );
  return {
    key,
    step1: (vector) => sync(syncType.step1, vector),
    step2: (update) => sync(syncType.step2, update),
    update: (update) => sync(syncType.update, update),
    awareness: (update) =>
      encodeBinaryFrame(new ByteWriter().raw(prefix).uint(messageType.awareness).uint(update.length).finish(), update),
  };
}
