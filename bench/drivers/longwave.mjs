// Longwave: one publisher for all rooms; subscribers take the binary subprotocol, the publisher speaks JSON.
// Written out once SPEC.md is: until then the peer is not on the list (see harness/peers.mjs).

/** @type {import('../harness/peers.mjs').Driver | undefined} */
export const longwave = undefined;
