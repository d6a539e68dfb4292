// @vitest-environment happy-dom
import { defineChannels, value } from '@longwave/protocol';
import { act, createElement } from 'react';
import { createRoot } from 'react-dom/client';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { createHooks, useValue } from '../react.js';
import { anyOf } from '../testing/schema.js';
import { createTestWorld } from './test-world.js';

const channels = defineChannels({ score: value({ value: anyOf<number>() }) });
const { LongwaveProvider, useChannel, useConnection } = createHooks<typeof channels>();

const flag = 'IS_REACT_ACT_ENVIRONMENT';
beforeEach(() => void Object.assign(globalThis, { [flag]: true }));
afterEach(() => void Object.assign(globalThis, { [flag]: false }));

function Score() {
  const { value: score } = useValue(useChannel('score'));
  const { status } = useConnection();
  return `${status}: ${score ?? 'none yet'}`;
}

it('shows a component what the world has come to, by act alone', async () => {
  const world = createTestWorld({ channels });
  const client = world.connect();
  const page = document.createElement('div');
  const root = createRoot(page);
  act(() => root.render(createElement(LongwaveProvider, { client }, createElement(Score))));
  expect(page.textContent).toBe('connecting: none yet');
  await act(async () => {
    await world.server.channel('score').set(3);
    await world.settle();
  });
  expect(page.textContent).toBe('connected: 3');
  await act(async () => {
    world.offline(client);
    await world.server.channel('score').set(4);
    await world.settle();
  });
  expect(page.textContent).toBe('waiting: 3');
  await act(async () => {
    world.online(client);
    await world.advance('1s');
  });
  expect(page.textContent).toBe('connected: 4');
  act(() => root.unmount());
});
