// @vitest-environment happy-dom
import { oddValues } from '@longwave/testkit';
import { Component, type ReactNode, createElement } from 'react';
import { beforeEach, expect, it, vi } from 'vitest';
import { useHistory, useMap, useMessages, useSubscription, useValue } from './react.js';
import { startFixture, useCall, useChannel } from './testing/react-fixture.js';
import { renderHook } from './testing/render-hook.js';

interface BoundaryProps {
  readonly children: ReactNode;
  onError(error: unknown): void;
}

/** Where a mistake of the application ends. */
class Boundary extends Component<BoundaryProps, { readonly failed: boolean }> {
  override state = { failed: false };

  static getDerivedStateFromError(): { readonly failed: boolean } {
    return { failed: true };
  }

  override componentDidCatch(error: unknown): void {
    this.props.onError(error);
  }

  override render(): ReactNode {
    return this.state.failed ? null : this.props.children;
  }
}

// React tells what a boundary caught.
beforeEach(() => void vi.spyOn(console, 'error').mockImplementation(() => undefined));

type Slot = readonly [field: string, use: (odd: never) => unknown];

/** Every option of every hook that its rendering looks at, by the name that a refusal has to say. */
const rendered: readonly Slot[] = [
  ['from', (odd) => useMessages(useChannel('chat/a'), { from: odd })],
  ['keep', (odd) => useMessages(useChannel('chat/a'), { keep: odd })],
  ['from', (odd) => useSubscription(useChannel('chat/a'), () => undefined, { from: odd })],
  ['keys', (odd) => useMap(useChannel('quotes'), { keys: odd })],
  ['rate', (odd) => useMap(useChannel('quotes'), { rate: odd })],
  ['where', (odd) => useMap(useChannel('quotes'), { where: odd })],
  ['rate', (odd) => useValue(useChannel('score'), { rate: odd })],
];

it.each(rendered)('CLI-10: whatever the option %s is, it is taken or refused by its name', async (field, use) => {
  const { open } = await startFixture();
  const { wrap } = open('ada');
  for (const { name, value } of oddValues()) {
    const outcome = await new Promise<unknown>((resolve) => {
      const page = renderHook(
        () => use(value as never) as { readonly state: string },
        {},
        {
          wrap: (child) => wrap(createElement(Boundary, { onError: resolve, children: child })),
        },
      );
      void page.until(({ state }) => state !== 'pending').then(({ state }) => resolve(state));
    });
    if (outcome === 'live' || outcome === 'ended') continue;
    expect(outcome, name).toBeInstanceOf(TypeError);
    expect((outcome as TypeError).message, name).toContain(field);
  }
});

it('CLI-10: so is an option that a hook gives to a request', async () => {
  const { open } = await startFixture();
  const { render } = open('ada');
  for (const { name, value } of oddValues()) {
    const history = await render(() => useHistory(useChannel('chat/a'), { limit: value as number }), {}).until(
      () => true,
    );
    expectNamed(name, 'limit', () => history.loadOlder());
    const called = await render(() => useCall('echo', { timeout: value as number }), {}).until(() => true);
    expectNamed(name, 'timeout', () => void called.call('x').catch(() => undefined));
  }
});

function expectNamed(name: string, field: string, use: () => void): void {
  try {
    use();
  } catch (error) {
    expect(error, name).toBeInstanceOf(TypeError);
    expect((error as TypeError).message, name).toContain(field);
  }
}
