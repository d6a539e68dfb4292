import { setTimeout as sleep } from 'node:timers/promises';
import { binaryCodec, connect } from 'longwave/client';
import { bind } from 'longwave/yjs';
import { knownOf, makeSample, textOf, toStored } from '../documents.mjs';
import { folderBytes, withServer } from '../stored.mjs';
import { openWhole, within } from '../wait.mjs';
import { Y } from '../yjs.mjs';

/** @typedef {{ readonly joins: number, readonly warmup: number, readonly growthJoins: number, readonly inserts: number, readonly deletes: number }} JoinSize */

/**
 * Clients come and go at a document that somebody holds open: new ones, and ones that have all of it.
 * @param {import('../peers.mjs').Peer} peer @param {JoinSize} size
 */
export function join(peer, { joins, warmup, inserts, deletes }) {
  const name = 'doc/joined';
  const sample = makeSample({ inserts, deletes });
  const documents = () => [toStored(name, sample)];
  return withServer({ server: peer.server, label: 'join', documents }, async (server) => {
    const { port } = server;
    const holder = await openWhole(peer, { port, name }, sample);
    const known = { ...knownOf(sample), position: holder.position() };
    /** @param {number} count @param {import('../clients/client.mjs').Known} [has] */
    const run = async (count, has) => {
      const cpuBefore = server.cpuMs();
      const bytesBefore = await server.tell('bytesSent');
      const startedAt = performance.now();
      for (let i = 0; i < count; i++) {
        const client = await openWhole(peer, { port, name, ...(has && { known: has }) }, sample);
        await client.close();
      }
      const ms = performance.now() - startedAt;
      await sleep(200);
      const bytes = (await server.tell('bytesSent')) - bytesBefore;
      return { cpuMs: (server.cpuMs() - cpuBefore) / count, ms: ms / count, bytes: bytes / count };
    };
    await run(warmup);
    await run(warmup, known);
    const fresh = await run(joins);
    const current = await run(joins, known);
    await holder.close();
    return {
      newCpuMs: fresh.cpuMs,
      currentCpuMs: current.cpuMs,
      newMs: fresh.ms,
      currentMs: current.ms,
      newBytes: fresh.bytes,
      currentBytes: current.bytes,
    };
  });
}

/**
 * Bytes that the store has more after joins of a document that nobody changes, each of a client that has all of it. Nobody holds it
 * open: a server that keeps a document only for its clients loads it each time.
 * @param {import('../peers.mjs').Peer} peer @param {JoinSize} size
 */
export function growth(peer, { growthJoins, inserts, deletes }) {
  const name = 'doc/joined';
  const sample = makeSample({ inserts, deletes });
  const documents = () => [toStored(name, sample)];
  return withServer({ server: peer.server, label: 'join', documents }, async (server, folder) => {
    const { port } = server;
    const first = await openWhole(peer, { port, name }, sample);
    const known = { ...knownOf(sample), position: first.position() };
    await first.close();
    // Some write with a delay.
    await sleep(2500);
    const before = folderBytes(folder);
    for (let i = 0; i < growthJoins; i++) {
      const client = peer.open({ port, name, known });
      await within(client.opened, `${peer.name}: a join`);
      await client.close();
      if (peer.server === 'longwave') await joinBound(port, name, sample);
    }
    await sleep(2500);
    return { joins: growthJoins, storeBytes: folderBytes(folder) - before };
  });
}

/** Comes with all of the document, and without its position, as from the database of a browser. @param {number} port @param {string} name @param {import('../documents.mjs').Sample} sample */
async function joinBound(port, name, { state, text }) {
  const client = connect(`http://127.0.0.1:${port}`, { codec: binaryCodec(), transport: 'websocket' });
  const doc = new Y.Doc();
  Y.applyUpdate(doc, state);
  const binding = bind(/** @type {any} */ (client.channel(name)), doc);
  await within(binding.synced, 'a bound join');
  if (textOf(doc).toJSON() !== text) throw new Error('A bound document is another one.');
  binding.unsubscribe();
  client.close();
}
