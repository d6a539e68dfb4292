import { type JetStreamManager, jetstreamManager } from '@nats-io/jetstream';
import { type NatsConnection, connect } from '@nats-io/transport-node';
import { redactionPayload } from '@longwave/protocol';
import type { Store } from '@longwave/core';
import { type NatsServer, startNats, until } from '@longwave/testkit/services';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { Deployments } from './testing/deployment.js';

const keep = { count: 1000, bytes: 1e6, ageMs: 1e9 };

let server: NatsServer;
let deployments: Deployments;
let connection: NatsConnection;
let operator: JetStreamManager;

beforeAll(async () => {
  server = await startNats();
  deployments = new Deployments(server.url);
  connection = await connect({ servers: server.url });
  operator = await jetstreamManager(connection);
});
afterAll(async () => {
  await deployments.close();
  await connection.close();
  await server.stop();
});

async function redact(store: Store, channel: string, offset: number): Promise<void> {
  const { epoch } = await store.bounds(channel);
  await store.append(channel, { payload: redactionPayload({ offset }), redacts: { epoch, offset } }, keep);
}

/** The stream's messages whose subject has `part` in it. */
async function messagesOf(stream: string, part: string): Promise<Uint8Array[]> {
  const { state } = await operator.streams.info(stream);
  const messages: Uint8Array[] = [];
  for (let seq = Math.max(1, state.first_seq); seq <= state.last_seq; seq++) {
    const message = await operator.streams.getMessage(stream, { seq });
    if (message?.subject.includes(part)) messages.push(message.data);
  }
  return messages;
}

const checkpointsOf = async (prefix: string): Promise<string[]> =>
  (await messagesOf(`${prefix}_meta`, '.checkpoint.')).map((data) => Buffer.from(data).toString('latin1'));

it('RED-1: records and checkpoints with a redaction have a format of their own, which nodes from before refuse', async () => {
  const store = deployments.create({ prefix: 'formats', shards: 1, checkpointBytes: 1 })();
  // A checkpoint is due when there is more journal than the channel is large.
  for (let i = 1; i <= 10; i++) await store.append('a', { payload: `${i}` }, { ...keep, count: 2 });
  await until(async () => (await checkpointsOf('formats')).length === 1);
  expect((await checkpointsOf('formats'))[0]).not.toContain('"format"');
  await redact(store, 'a', 10);
  const journal = await messagesOf('formats_journal_0', '.journal.');
  expect(journal.slice(-2).map((message) => message[0])).toEqual([2, 4]);
  await until(async () => (await checkpointsOf('formats'))[0]!.includes('{"of":"format","format":4}'));
});

it('a channel with a record of a later version is refused, with the reason, and no other channel', async () => {
  const open = deployments.create({ prefix: 'later', shards: 1 });
  const store = open();
  await store.append('a', { payload: '1' }, keep);
  await store.append('b', { payload: '1' }, keep);
  const { subject, data } = (await operator.streams.getMessage('later_journal_0', { seq: 1 }))!;
  const later = Uint8Array.from(data);
  later[0] = 5;
  connection.publish(subject, later);
  await connection.flush();
  for (const node of [store, open()]) {
    await expect((async () => node.read('a', { limit: 1 }))()).rejects.toThrow('format 5');
    await expect(node.append('a', { payload: '2' }, keep)).rejects.toThrow('format 5');
    expect(await node.append('b', { payload: 'x' }, keep)).toMatchObject({ duplicate: false });
  }
});
