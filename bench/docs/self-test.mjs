// A checker that has not caught a planted fault is not a checker: node bench/docs/self-test.mjs
import assert from 'node:assert/strict';
import { installPeers } from '../harness/install.mjs';

installPeers();
const { growth, join } = await import('./cells/join.mjs');
const { coldOpen } = await import('./cells/open.mjs');
const { typing } = await import('./cells/typing.mjs');
const { peers } = await import('./peers.mjs');
const { sizes } = await import('./sizes.mjs');
const { open, typing: typists, join: joins } = sizes.tiny;

/** Faults in what a client hears: what becomes of one of its updates. @type {Record<string, (update: Uint8Array) => Uint8Array[]>} */
const faults = {
  lost: () => [],
  doubled: (update) => [update, update],
  altered: (update) => [update.with(update.length - 2, (update.at(-2) ?? 0) ^ 1)],
};

/** The tenth update of a client is not what was sent. @param {import('./peers.mjs').Peer} peer @param {string} fault */
function plant(peer, fault) {
  /** @type {import('./clients/client.mjs').OpenDocument} */
  const openFaulty = (opening) => {
    let count = 0;
    /** @param {Uint8Array} update */
    const onUpdate = (update) => {
      // Small ones, or there is nothing in it that could be wrong.
      const heard = update.length > 2 && ++count === 10 ? (faults[fault]?.(update) ?? []) : [update];
      for (const each of heard) opening.onUpdate?.(each);
    };
    return peer.open({ ...opening, onUpdate });
  };
  return { ...peer, open: openFaulty };
}

for (const peer of peers) {
  await coldOpen(peer, open, false);
  await join(peer, joins);
  await growth(peer, joins);
  await typing(peer, typists);
  console.log(`ok: ${peer.name}: all that was sent came`);
  for (const fault of Object.keys(faults)) {
    await assert.rejects(typing(plant(peer, fault), typists), /lost, doubled or reordered|heard by everybody/);
    console.log(`ok: ${peer.name}: ${fault}: found`);
  }
}
const [longwave] = /** @type {[import('./peers.mjs').Peer]} */ (peers);
for (const fault of ['lost', 'altered']) {
  await assert.rejects(coldOpen(plant(longwave, fault), open, false), /another document came/);
  console.log(`ok: a cold open: ${fault}: found`);
}
process.exit(0);
