import { createServer } from '../server/create-server.js';
import { connectFrame, post } from '../testing/requests.js';
import { defineChannels, log } from '@longwave/protocol';
import { expect, it, onTestFinished } from 'vitest';

it('PRES-1: a back end reads who is in a channel, with the user that the server vouches for', async () => {
  const server = createServer({
    channels: defineChannels({ 'chat/:room': log({ presence: {} }), news: log() }),
    authenticate: (token) => ({ user: token! }),
    http: { apiKeys: ['key'] },
  });
  const { port } = await server.listen({ port: 0, host: '127.0.0.1' });
  onTestFinished(() => server.close());
  const members = async (channel: string, query = '') => {
    const url = `http://127.0.0.1:${port}/v1/channels/${channel}/members${query}`;
    const response = await fetch(url, { headers: { authorization: 'Bearer key' } });
    return { status: response.status, body: (await response.json()) as { members?: unknown[]; next?: string } };
  };
  const enter = async (user: string, away?: true) => {
    const answer = await post(`http://127.0.0.1:${port}/longwave`, 'send', [
      connectFrame(`client-of-${user}`, { token: user }),
      { type: 'enter', id: 1, channel: 'chat/lobby', data: { name: user }, away },
    ]);
    const done = (await answer.whole()).find(({ type }) => type === 'done');
    return (done as { key: string }).key;
  };

  expect(await members('chat%2Flobby')).toMatchObject({ status: 200, body: { members: [] } });
  const keys = { ada: await enter('ada'), bob: await enter('bob', true) };
  const { body } = await members('chat%2Flobby');
  expect(body.members).toHaveLength(2);
  const common = { version: expect.any(Number), time: expect.any(Number) };
  expect(body.members).toEqual(
    expect.arrayContaining([
      { ...common, key: keys.ada, user: 'ada', data: { name: 'ada' }, away: false },
      { ...common, key: keys.bob, user: 'bob', data: { name: 'bob' }, away: true },
    ]),
  );
  const first = await members('chat%2Flobby', '?limit=1');
  expect(first.body.next).toBe([keys.ada, keys.bob].toSorted()[0]);
  expect((await members('chat%2Flobby', `?after=${first.body.next}`)).body.members).toHaveLength(1);
  expect(await members('news')).toMatchObject({ status: 404, body: { error: { code: 'unknown-channel' } } });
});
