// @vitest-environment happy-dom
import { expect, it } from 'vitest';
import { useMemberCount, usePresence } from './react.js';
import { startFixture, useChannel } from './testing/react-fixture.js';

interface Me {
  readonly name: string;
  readonly away?: boolean;
}

function useLobby(me: Me | undefined) {
  return usePresence(useChannel('chat/lobby'), me && { name: me.name }, { away: me?.away ?? false });
}

it('makes its client a member while it is mounted, and shows who is there', async () => {
  const { server, open } = await startFixture();
  const [ada, bob] = [open('ada'), open('bob')];
  const audience = bob.render(useLobby, undefined);
  expect(await audience.until(({ state }) => state === 'live')).toMatchObject({ members: [], self: undefined });
  const page = ada.render(useLobby, { name: 'Ada' });
  const { self } = await page.until((result) => result.self !== undefined);
  const { members } = await audience.until((result) => result.members.length === 1);
  expect(members).toEqual([{ key: self, user: 'ada', data: { name: 'Ada' }, away: false }]);
  page.unmount();
  await audience.until((result) => result.members.length === 0);
  expect(await server.channel('chat/lobby').members()).toEqual([]);
});

it('tells who left, by the listener of the last render, over the subscription that shows the members', async () => {
  const { open } = await startFixture();
  const [ada, bob] = [open('ada'), open('bob')];
  const left: unknown[] = [];
  const useAudience = (prefix: string) =>
    usePresence(useChannel('chat/lobby'), undefined, {
      onLeave: ({ user, data, away }, why) => left.push([prefix, { user, data, away }, why]),
    });
  const audience = bob.render(useAudience, 'first');
  await audience.until(({ state }) => state === 'live');
  const page = ada.render(useLobby, { name: 'Ada' });
  await audience.until((result) => result.members.length === 1);
  audience.rerender('second');
  page.unmount();
  await audience.until((result) => result.members.length === 0);
  expect(left).toEqual([['second', { user: 'ada', data: { name: 'Ada' }, away: false }, 'delete']]);
  expect(await bob.sent('subscribe')).toBe(1);
  audience.unmount();
});

it('says something else without leaving, and the same not again', async () => {
  const { open } = await startFixture();
  const { sent, render } = open('ada');
  const page = render(useLobby, { name: 'Ada' });
  const { self } = await page.until((result) => result.members.length === 1 && result.self !== undefined);
  page.rerender({ name: 'Ada' });
  page.rerender({ name: 'Countess', away: true });
  const { members } = await page.until((result) => result.members[0]?.away === true);
  expect(members).toEqual([{ key: self, user: 'ada', data: { name: 'Countess' }, away: true }]);
  expect([await sent('enter'), await sent('exit')]).toEqual([2, 0]);
  page.rerender(undefined);
  await page.until((result) => result.members.length === 0 && result.self === undefined);
  expect([await sent('enter'), await sent('exit')]).toEqual([2, 1]);
});

it('is a member in Strict Mode, and none once it is gone', async () => {
  const { server, open } = await startFixture();
  const { sent, render } = open('ada');
  const page = render(useLobby, { name: 'Ada' }, { strict: true });
  await page.until(({ members, self }) => members.length === 1 && members[0]!.key === self);
  expect((await sent('enter')) - (await sent('exit'))).toBe(1);
  page.unmount();
  expect((await sent('enter')) - (await sent('exit'))).toBe(0);
  expect(await sent('subscribe')).toBe(await sent('unsubscribe'));
  expect(await server.channel('chat/lobby').members()).toEqual([]);
});

it('says why its client is no member', async () => {
  const { open } = await startFixture({ authorize: ({ action }) => action !== 'presence' });
  const page = open('ada').render(useLobby, { name: 'Ada' });
  const { refused, self } = await page.until((result) => result.refused !== undefined && result.state === 'live');
  expect([refused?.code, self]).toEqual(['forbidden', undefined]);
});

it('counts without naming anybody', async () => {
  const { open } = await startFixture();
  const [ada, bob] = [open('ada'), open('bob')];
  const page = bob.render(() => useMemberCount(useChannel('chat/lobby')), {});
  await page.until(({ count }) => count === 0);
  await ada.client.channel('chat/lobby').presence.enter({ name: 'Ada' });
  expect(await page.until(({ count }) => count === 1)).toEqual({ state: 'live', error: undefined, count: 1 });
  page.unmount();
  expect(await bob.sent('subscribe')).toBe(await bob.sent('unsubscribe'));
});
