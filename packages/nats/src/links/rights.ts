import { headers } from '@nats-io/transport-node';
import type { Link } from './connection.js';
import type { Names } from '../names.js';

/** Subjects on which a node asks the servers: each takes a body that asks for nothing. */
function askedSubjects(names: Names, shards: number): string[] {
  const journals = Array.from({ length: shards }, (_, shard) => names.journal(shard));
  return [names.meta, ...journals].flatMap((stream) => [
    `$JS.API.STREAM.INFO.${stream}`,
    `$JS.API.STREAM.MSG.GET.${stream}`,
    `$JS.API.STREAM.MSG.DELETE.${stream}`,
    `$JS.API.STREAM.PURGE.${stream}`,
    `$JS.API.CONSUMER.CREATE.${stream}`,
    `$JS.API.CONSUMER.DELETE.${stream}.probe`,
    // A consumer of more than some messages waits for an answer there: without it a channel is read to its midst.
    `$JS.FC.${stream}.probe.probe`,
  ]);
}

/**
 * Finds out whether this user may do all that a node will have to: a node that can follow what comes, and could not
 * read what was stored, must not be ready. Throws with the subjects that are missing.
 */
export async function requireRights({ connection, denied }: Link, names: Names, shards: number): Promise<void> {
  // No requests: nobody waits for an answer, and what comes first are refusals. No server carries out a request that is
  // not JSON.
  for (const subject of askedSubjects(names, shards)) connection.publish(subject, '-');
  const unstored = headers();
  unstored.set('Nats-Expected-Stream', 'none');
  for (let shard = 0; shard < shards; shard++) {
    connection.publish(names.journals(shard).replace('*', 'probe'), '', { headers: unstored });
  }
  connection.publish(names.metas.replace('>', 'probe'), '', { headers: unstored });
  await connection.flush();
  // They are handed on in a turn of the event loop that follows.
  await new Promise((resolve) => setTimeout(resolve, 0));
  if (denied.size === 0) return;
  throw new Error(
    `its user may not ${[...denied].slice(0, 5).join(', nor ')}: the README of @longwave/nats lists the rights that a node needs`,
  );
}
