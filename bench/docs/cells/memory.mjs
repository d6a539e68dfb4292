import { setTimeout as sleep } from 'node:timers/promises';
import { makeSample, makeTyped, toStored } from '../documents.mjs';
import { withServer } from '../stored.mjs';
import { openWhole } from '../wait.mjs';

/** @typedef {{ readonly documents: number, readonly inserts: number }} MemorySize */

/**
 * The server's memory with so many documents of this sample open, one client each: as it is, and without waste.
 * @param {import('../peers.mjs').Peer} peer @param {string} label @param {number} count @param {import('../documents.mjs').Sample} sample
 */
function held(peer, label, count, sample) {
  function* documents() {
    for (let i = 0; i < count; i++) yield toStored(`doc/${label}-${i}`, sample);
  }
  return withServer({ server: peer.server, label: `memory-${label}-${count}`, documents }, async (server) => {
    const clients = [];
    for (let i = 0; i < count; i++) {
      clients.push(await openWhole(peer, { port: server.port, name: `doc/${label}-${i}` }, sample));
    }
    await sleep(1000);
    const rssKb = server.rssKb();
    await server.tell('collect');
    await sleep(500);
    const heldKb = server.rssKb();
    const fileKb = server.fileKb();
    await Promise.all(clients.map((client) => client.close()));
    return { rssKb, heldKb, fileKb };
  });
}

/** @param {import('../peers.mjs').Peer} peer @param {MemorySize} size */
export async function memory(peer, { documents, inserts }) {
  const sample = makeSample({ inserts });
  const small = await held(peer, 'small', documents, makeTyped(1));
  const large = await held(peer, 'large', documents, sample);
  return {
    documentKb: sample.state.length / 1000,
    rssKbPerDocument: (large.rssKb - small.rssKb) / documents,
    heldKbPerDocument: (large.heldKb - small.heldKb) / documents,
    fileKbPerDocument: (large.fileKb - small.fileKb) / documents,
    smallHeldKb: small.heldKb / documents,
  };
}
