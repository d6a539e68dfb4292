import { createServer } from 'longwave';
import { yjs } from 'longwave/yjs/server';
import { afterEach, expect, it } from 'vitest';
import { channels } from '../../shared/channels.js';
import { createRooms } from '../rooms/rooms.js';
import { answerTo } from './answers.js';
import { botName, createChatBot } from './bot.js';

const servers: { close(): Promise<void> }[] = [];
afterEach(async () => {
  await Promise.all(servers.splice(0).map((server) => server.close()));
});

function open() {
  const server = createServer({ channels, documents: yjs(), rooms: createRooms().host });
  servers.push(server);
  const bot = createChatBot(server, { waitMs: 0 });
  const texts = async (room: string) =>
    (await server.channel(`chat/${room}`).history()).messages.map(({ data, meta }) => [meta.user, data?.text]);
  return { server, bot, texts };
}

it('begins each room once, and leaves alone one in which somebody spoke', async () => {
  const { server, bot, texts } = open();
  await server.channel('chat/random').publish({ text: 'first' }, { user: 'Ada' });
  await Promise.all([bot.seed(), bot.seed()]);
  await bot.seed();
  expect(await texts('random')).toEqual([['Ada', 'first']]);
  expect(await texts('help')).toHaveLength(1);
  expect((await texts('lobby')).map(([user]) => user)).toEqual([botName, botName]);
});

it('answers a question, once, and not itself', async () => {
  const { server, bot, texts } = open();
  const close = bot.open();
  await server.channel('chat/help').publish({ text: 'What is it that I see' }, { user: 'Ada' });
  await expect.poll(() => texts('help')).toHaveLength(2);
  expect((await texts('help'))[1]).toEqual([botName, expect.stringContaining('Ada')]);
  await server.channel('chat/help').publish({ text: 'offline?' }, { user: 'Ada' });
  await expect.poll(() => texts('help')).toHaveLength(4);
  close();
});

it('leaves people alone who talk to each other', () => {
  const ask = (text: string, always = false) => answerTo(text, { user: 'Ada', always });
  expect(ask('The train is late again.')).toBeUndefined();
  expect(ask('Highway 61')).toBeUndefined();
  expect(ask('Hello all')).toContain('Hello, Ada.');
  expect(ask('what if the server crashes?')).toContain('Kill the server');
  expect(ask('Is that so, bot')).toContain('a few lines of the server');
  expect(ask('Meaning of life', true)).toContain('beyond me, Ada');
});
