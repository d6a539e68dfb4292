import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { type TestServer, startTestServer, until } from './testing/test-server.js';
import { type Typing, createTyping } from './typing.js';

let server: TestServer;

beforeEach(async () => {
  server = await startTestServer();
});

afterEach(() => server.close());

async function openTyping(user: string): Promise<Typing> {
  const client = server.connectAs(user);
  const typing = createTyping({ client, room: 'lobby', user });
  typing.open();
  await client.channel('chat-typing/lobby').subscribe(() => undefined).ready;
  return typing;
}

describe('typing', () => {
  it('is told to the others, throttled, and ends with the draft', async () => {
    const [ada, bob] = await Promise.all([openTyping('ada'), openTyping('bob')]);
    for (const text of ['h', 'he', 'hel']) ada.typed(text);
    await until(bob.store, (names) => names.join() === 'ada');
    ada.typed('');
    await until(bob.store, (names) => names.length === 0);
    ada.typed('');
    ada.typed('again');
    await until(bob.store, (names) => names.join() === 'ada');
    expect(ada.store.get()).toEqual([]);
    const { messages } = await server.server.channel('chat-typing/lobby').history();
    expect(messages.map(({ data }) => data.isTyping)).toEqual([true, false, true]);
  });
});
