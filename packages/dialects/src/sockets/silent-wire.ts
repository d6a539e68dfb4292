import type { Wire } from '@longwave/core';

const nothing = new Uint8Array();

/**
 * The wire of sessions whose documents are delivered by the dialect: the engine's own frames are told as they are, and its messages
 * take no bytes.
 */
export const silentWire: Wire = {
  codec: { name: 'binary', encode: () => nothing, join: () => nothing, decode: () => [] },
  pack: () => nothing,
};
