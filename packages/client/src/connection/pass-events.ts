import type { LinkEvents } from '../base/ports.js';

const names = ['onOpen', 'onMessage', 'onLost', 'onRenew', 'onClose'] as const satisfies (keyof LinkEvents)[];

/** Passes the events of a link on to the `target` of that moment. Undefined: another link took its place, and what it says is past. */
export function passEvents(target: () => LinkEvents | undefined): LinkEvents {
  const pass =
    (name: (typeof names)[number]) =>
    (...given: unknown[]): void => {
      (target() as Record<string, (...given: unknown[]) => void> | undefined)?.[name]?.(...given);
    };
  return Object.fromEntries(names.map((name) => [name, pass(name)])) as unknown as LinkEvents;
}
