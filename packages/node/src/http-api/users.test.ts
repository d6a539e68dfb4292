import { type ReceivedFrame, createClientCodec, defineChannels, log, subprotocols } from '@longwave/protocol';
import { describe, expect, it, onTestFinished } from 'vitest';
import { NodeWebSocket } from '../client/node-web-socket.js';
import { createServer } from '../server/create-server.js';

const codec = createClientCodec('json');

/** A server, its HTTP API, and a connection of `ada` who subscribes to a room and to her inbox. */
async function connected() {
  const rights = { ada: true };
  const server = createServer({
    channels: defineChannels({ ':room': log(), '@me': log({ redactable: true }) }),
    authenticate: (token) => ({ user: token! }),
    authorize: () => rights.ada,
    http: { apiKeys: ['key'] },
  });
  const { port } = await server.listen({ port: 0, host: '127.0.0.1' });
  onTestFinished(() => server.close());
  const frames: ReceivedFrame[] = [];
  let wake = (): void => undefined;
  const url = `127.0.0.1:${port}`;
  const socket = new NodeWebSocket(
    `ws://${url}/longwave`,
    { protocols: [subprotocols.json] },
    {
      onOpen: () => {
        socket.send(codec.encode({ type: 'connect', version: 1, client: 'c', token: 'ada' }));
        socket.send(codec.encode({ type: 'subscribe', id: 1, channel: 'lobby' }));
        socket.send(codec.encode({ type: 'subscribe', id: 2, channel: '@me' }));
      },
      onMessage: (message) => {
        for (const frame of codec.decode(message)) if (frame.type !== 'bad') frames.push(frame);
        wake();
      },
      onClose: (code) => {
        closedWith = code;
        wake();
      },
    },
  );
  let closedWith: number | undefined;
  const until = async <T>(look: () => T | undefined): Promise<T> => {
    for (let found = look(); ; found = look()) {
      if (found !== undefined) return found;
      await new Promise<void>((resolve) => (wake = resolve));
    }
  };
  const frame = <T extends ReceivedFrame['type']>(
    type: T,
    fits: (one: Extract<ReceivedFrame, { type: T }>) => boolean,
  ) =>
    until(() =>
      frames.find((one): one is Extract<ReceivedFrame, { type: T }> => one.type === type && fits(one as never)),
    );
  await frame('subscribed', ({ id }) => id === 2);
  const post = async (
    path: string,
    body?: unknown,
    method = 'POST',
  ): Promise<{ readonly status: number; readonly text: string }> => {
    const response = await fetch(`http://${url}/v1/users/ada/${path}`, {
      method,
      headers: { authorization: 'Bearer key', 'content-type': 'application/json' },
      ...(body !== undefined && { body: JSON.stringify(body) }),
    });
    return { status: response.status, text: await response.text() };
  };
  const get = async (path: string): Promise<unknown> =>
    (await fetch(`http://${url}/v1/${path}`, { headers: { authorization: 'Bearer key' } })).json();
  return { server, url, post, get, frame, rights, closed: () => until(() => closedWith) };
}

describe('the connections of a user', () => {
  it('CH-4: get what a back end publishes to the inbox', async () => {
    const { post, frame } = await connected();
    expect((await post('messages', { data: 'psst', id: '1' })).status).toBe(201);
    const { ops } = await frame('message', ({ channel }) => channel === '@me');
    expect(ops).toMatchObject([{ data: 'psst', id: '1' }]);
  });

  it('RED-8: are told what a back end or the server redacts in the inbox', async () => {
    const { server, url, post, frame } = await connected();
    await post('messages', { data: 'psst' });
    const redacted = await post('messages/1?reason=used', undefined, 'DELETE');
    expect([redacted.status, JSON.parse(redacted.text)]).toMatchObject([200, { offset: 2, duplicate: false }]);
    const { ops } = await frame('message', (one) => one.channel === '@me' && one.offset === 2);
    expect(ops).toMatchObject([{ kind: 'redact', data: { offset: 1, reason: 'used' } }]);
    const again = await fetch(`http://${url}/v1/user/messages/1?user=ada`, {
      ...{ method: 'DELETE', headers: { authorization: 'Bearer key' } },
    });
    expect(await again.json()).toMatchObject({ duplicate: true });
    const { position } = await server.user('ada').publish('two');
    expect((await server.user('ada').redact(position)).position.offset).toBe(4);
    expect((await post('messages/0', undefined, 'DELETE')).status).toBe(400);
  });

  it('SUB-6: lose what they have no right to any more, when a back end has it rechecked', async () => {
    const { post, frame, rights } = await connected();
    rights.ada = false;
    expect((await post('recheck')).status).toBe(200);
    expect(await frame('reset', ({ channel }) => channel === 'lobby')).toMatchObject({ reason: 'revoked' });
  });

  it('are listed for a back end, in both forms of the path', async () => {
    const { get } = await connected();
    const listed = await get('users/ada/connections');
    expect(listed).toEqual({
      connections: [
        {
          id: expect.any(String),
          node: expect.any(String),
          since: expect.any(Number),
          transport: 'websocket',
          remoteAddress: '127.0.0.1',
        },
      ],
      missing: [],
    });
    expect(await get('user/connections?user=ada')).toEqual(listed);
    expect(await get('users/bob/connections')).toEqual({ connections: [], missing: [] });
  });

  it('are ended by a back end, with its reason', async () => {
    const { post, frame, closed } = await connected();
    const { status, text } = await post('disconnect', { message: 'Moderated.' });
    expect([status, text]).toEqual([200, '{"connections":1,"missing":[]}']);
    expect(await frame('error', () => true)).toMatchObject({ code: 'disconnected', message: 'Moderated.' });
    expect(await closed()).toBe(4440);
    expect((await post('disconnect')).text).toBe('{"connections":0,"missing":[]}');
    expect((await post('disconnect', { message: 5 })).status).toBe(400);
  });
});
