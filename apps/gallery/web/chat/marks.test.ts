import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { markKey } from '../../shared/chat.js';
import { showMarks } from './marks-state.js';
import { type MessageMarks, createMarks } from './marks.js';
import { type TestServer, startTestServer, until } from './testing/test-server.js';

let server: TestServer;

beforeEach(async () => {
  server = await startTestServer();
});

afterEach(() => server.close());

const message = 'a:1';

function openMarks(user: string): MessageMarks {
  const marks = createMarks({ client: server.connectAs(user), room: 'lobby', user });
  marks.open();
  return marks;
}

const shown = (marks: MessageMarks) => showMarks(marks.store.get().marks.get(message), 'ada');
const reactionsOf = (marks: MessageMarks) =>
  shown(marks).reactions.map(({ reaction, users }) => `${reaction} ${users.join(' ')}`);

describe('marks', () => {
  it('are shown before the server has them, and reach the others', async () => {
    const [ada, bob] = [openMarks('ada'), openMarks('bob')];
    ada.toggle(message, '👍');
    ada.toggle(message, '🎉');
    expect(reactionsOf(ada)).toEqual(['👍 ada', '🎉 ada']);
    bob.toggle(message, '👍');
    for (const each of [ada, bob]) {
      await until(each.store, () => reactionsOf(each).join(', ') === '👍 ada bob, 🎉 ada');
    }
    ada.toggle(message, '👍');
    expect(reactionsOf(ada)).toEqual(['👍 bob', '🎉 ada']);
    await until(bob.store, () => reactionsOf(bob).join(', ') === '👍 bob, 🎉 ada');
    expect(await server.server.channel('chat-marks/lobby').entry(markKey(message, 'ada'))).toMatchObject({
      value: { reactions: { '🎉': true } },
    });
  });

  it('never flicker while they settle', async () => {
    const ada = openMarks('ada');
    const seen: string[] = [];
    ada.store.subscribe(() => seen.push(reactionsOf(ada).join()));
    for (let click = 0; click < 5; click++) {
      ada.toggle(message, '👀');
      await until(ada.store, () => reactionsOf(ada).join() === (click % 2 === 0 ? '👀 ada' : ''));
    }
    const entry = () => server.server.channel('chat-marks/lobby').entry(markKey(message, 'ada'));
    while ((await entry())?.version !== 5) await new Promise((resolve) => setTimeout(resolve, 5));
    const changes = seen.filter((each, index) => each !== seen[index - 1]);
    expect(changes).toEqual(['👀 ada', '', '👀 ada', '', '👀 ada']);
  });

  it('are taken back when the server refuses them, and say why', async () => {
    const ada = openMarks('ada');
    ada.edit(message, 'stays');
    await until(ada.store, () => shown(ada).text === 'stays');
    while (!(await server.server.channel('chat-marks/lobby').entry(markKey(message, 'ada')))) {
      await new Promise((resolve) => setTimeout(resolve, 5));
    }
    server.refuse(true);
    ada.edit(message, 'goes');
    expect(shown(ada).text).toBe('goes');
    const { problem } = await until(ada.store, (state) => state.problem !== undefined);
    expect(problem).toContain('Not now.');
    expect(shown(ada).text).toBe('stays');
  });

  it('are there for who comes later, until their author clears them', async () => {
    const ada = openMarks('ada');
    expect(await ada.clear(message)).toBe(true);
    const entry = () => server.server.channel('chat-marks/lobby').entry(markKey(message, 'ada'));
    expect(await entry()).toBeUndefined();
    ada.toggle(message, '👍');
    ada.edit(message, 'a secret');
    const bob = openMarks('bob');
    await until(bob.store, () => shown(bob).text === 'a secret' && shown(bob).reactions.length === 1);
    server.refuse(true);
    expect(await ada.clear(message)).toBe(false);
    expect(shown(ada).text).toBe('a secret');
    expect(ada.store.get().problem).toContain('Not now.');
    server.refuse(false);
    expect(await ada.clear(message)).toBe(true);
    await until(bob.store, () => shown(bob).text === undefined);
    expect(shown(bob)).toEqual({ text: undefined, reactions: [] });
    expect((await entry())?.value).toEqual({});
  });
});
