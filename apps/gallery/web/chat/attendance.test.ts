import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { PageVisibility } from '../lib/page-visibility.js';
import { type Attendance, createAttendance } from './attendance.js';
import { type TestServer, startTestServer, until } from './testing/test-server.js';

let server: TestServer;

beforeEach(async () => {
  server = await startTestServer();
});

afterEach(() => server.close());

function createVisibility(): PageVisibility & { set(isVisible: boolean): void } {
  const listeners = new Set<() => void>();
  let isVisible = true;
  return {
    isVisible: () => isVisible,
    subscribe: (listener) => {
      listeners.add(listener);
      return () => listeners.delete(listener);
    },
    set: (next) => {
      isVisible = next;
      for (const listener of listeners) listener();
    },
  };
}

function attend(user: string, visibility: PageVisibility = createVisibility()): Attendance {
  return createAttendance({ client: server.connectAs(user), room: 'lobby', user, visibility, awayMs: 20 });
}

const people = (...names: string[]) => names.map((name) => ({ name, isAway: false }));

describe('attendance', () => {
  it('shows persons once, however many tabs they have, and without those who left', async () => {
    const [bob, ada, second] = [attend('bob'), attend('ada'), attend('ada')];
    const leave = [bob, ada, second].map((each) => each.open());
    for (const each of [bob, ada, second]) {
      expect(await until(each.store, ({ length }) => length === 2)).toEqual(people('ada', 'bob'));
    }
    leave[1]!();
    leave[0]!();
    expect(await until(second.store, ({ length }) => length === 1)).toEqual(people('ada'));
  });

  it('lets who has no name watch, and nobody sees them', async () => {
    const ada = attend('ada');
    ada.open();
    const visibility = createVisibility();
    const reader = createAttendance({ client: server.connectAs('x'), room: 'lobby', user: undefined, visibility });
    reader.open();
    expect(await until(reader.store, ({ length }) => length > 0)).toEqual(people('ada'));
    expect(await server.server.channel('chat/lobby').members()).toHaveLength(1);
  });

  it('says away when all tabs are hidden for a while, and back at once', async () => {
    const tabs = [createVisibility(), createVisibility()] as const;
    const [first, second, bob] = [attend('ada', tabs[0]), attend('ada', tabs[1]), attend('bob')];
    for (const each of [first, second, bob]) each.open();
    await until(bob.store, ({ length }) => length === 2);
    const isAway = () => bob.store.get()[0]!.isAway;

    tabs[0].set(false);
    const awayOf = async () => (await server.server.channel('chat/lobby').members()).filter(({ value }) => value.away);
    while ((await awayOf()).length === 0) await new Promise((resolve) => setTimeout(resolve, 5));
    expect(isAway()).toBe(false);
    tabs[1].set(false);
    await until(bob.store, isAway);
    tabs[0].set(true);
    await until(bob.store, () => !isAway());
  });
});
