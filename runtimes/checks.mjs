import { readFileSync } from 'node:fs';
import { once } from 'node:events';
import { binaryCodec, connect } from 'longwave/client';
import { RawClient } from './raw-client.mjs';

const ca = readFileSync(new URL('../packages/node/src/testing/localhost.pem', import.meta.url));
const count = 200;

function expect(condition, what) {
  if (!condition) throw new Error(what);
}

/** All that is published comes back, in order. */
async function roundTrip(url, name, options) {
  const client = connect(url, options);
  try {
    const room = client.channel(`chat/${name}`);
    const heard = [];
    await new Promise((resolve, reject) => {
      room.subscribe((data) => heard.push(data) === count && resolve());
      for (let i = 0; i < count; i++) room.publish({ i, text: 'é😀' }).catch(reject);
    });
    expect(
      heard.every(({ i, text }, at) => i === at && text === 'é😀'),
      'Messages came out of order.',
    );
  } finally {
    client.close();
  }
}

async function http(url) {
  const root = url.replace('/longwave', '');
  const headers = { authorization: 'Bearer key', 'content-type': 'application/json' };
  const stored = await fetch(`${root}/v1/channels/chat%2Fhttp/messages`, {
    method: 'POST',
    headers,
    body: '{"data":7}',
  });
  expect(stored.status === 201, `A publish was answered with ${stored.status}.`);
  const page = await (await fetch(`${root}/v1/channels/chat%2Fhttp/messages`, { headers })).json();
  expect(page.messages[0].data === 7, 'History has something else.');
  const refused = await fetch(`${root}/v1/channels/chat%2Fhttp/messages`, { method: 'POST', headers, body: '{' });
  expect(refused.status === 400, `A body that is no JSON was answered with ${refused.status}.`);
  for (const path of ['healthz', 'readyz', 'metrics']) {
    const { status } = await fetch(`${root}/${path}`);
    expect(status === 200, `/${path} was answered with ${status}.`);
  }
  const events = await fetch(`${root}/v1/channels/chat%2Fhttp/events?last=1`);
  let text = '';
  for await (const piece of events.body) {
    text += Buffer.from(piece);
    if (text.includes('data: 7')) break;
  }
}

const hello = (client) => ({ type: 'connect', version: 1, client });
const subscribe = { type: 'subscribe', id: 1, channel: 'chat/flood' };
const textsOf = ({ frames }) =>
  frames.flatMap(({ type, ops }) => (type === 'message' ? ops.map(({ data }) => data) : []));

/** MSG-2: a reader that stops is left out, and gets everything when it goes on. */
async function slowReader(_, { port }) {
  const [slow, other, caller] = ['slow', 'other', 'caller'].map((name) => {
    const client = new RawClient({ port });
    client.send(hello(name), ...(name === 'caller' ? [] : [subscribe]));
    return client;
  });
  try {
    await slow.until(({ frames }) => frames.some(({ type }) => type === 'subscribed'));
    slow.socket.pause();
    const messages = 12_000;
    caller.send({ type: 'call', id: 2, method: 'flood', data: messages });
    await other.until((client) => textsOf(client).length >= messages);
    await caller.until(({ frames }) => frames.some(({ type }) => type === 'reply'));
    const { data: delivered } = caller.frames.find(({ type }) => type === 'reply');
    expect(delivered < messages * 2, 'The reader that stopped was written to all the same.');
    slow.socket.resume();
    await slow.until((client) => textsOf(client).length >= messages);
    expect(
      textsOf(slow).every((text, at) => text.startsWith(`${at + 1} `)),
      'Messages came out of order.',
    );
  } finally {
    for (const client of [slow, other, caller]) client.socket.destroy();
  }
}

async function tls(_, { tlsPort }) {
  const client = new RawClient({ port: tlsPort, ca });
  client.send(hello('tls'));
  await client.until(({ frames }) => frames.some(({ type }) => type === 'connected'));
  client.socket.destroy();
}

/** SES-7. The last one: the process ends. */
async function closing(_, { port }, server) {
  const client = new RawClient({ port });
  client.send(hello('closing'));
  await client.until(({ frames }) => frames.length > 0);
  const ended = once(server, 'exit');
  server.stdin.write('close\n');
  await client.until(({ closeCode }) => closeCode !== undefined);
  expect(client.closeCode === 4504, `It was closed with ${client.closeCode}.`);
  const [code] = await ended;
  expect(code === 0, `The process ended with ${code}.`);
}

/** By the heads of their columns. */
export const checks = {
  WebSocket: async (url) => {
    await roundTrip(url, 'json', { transport: 'websocket' });
    await roundTrip(url, 'binary', { transport: 'websocket', codec: binaryCodec() });
  },
  stream: (url) => roundTrip(url, 'stream', { transport: 'stream' }),
  poll: (url) => roundTrip(url, 'poll', { transport: 'poll' }),
  HTTP: http,
  'slow reader': slowReader,
  TLS: tls,
  close: closing,
};
