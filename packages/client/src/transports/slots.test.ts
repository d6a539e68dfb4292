import { describe, expect, it, vi } from 'vitest';
import { takeSlot } from './slots.js';

type Grant = (lock: object | null) => Promise<void> | void;

/** The locks of an origin, as its tabs see them. */
class Locks {
  readonly held = new Set<string>();

  readonly request = async (name: string, _: unknown, grant: Grant): Promise<void> => {
    await Promise.resolve();
    if (this.held.has(name)) return grant(null);
    this.held.add(name);
    await grant({ name });
    this.held.delete(name);
  };
}

const tab = (locks: unknown, protocol = 'http/1.1') =>
  ({
    location: {},
    navigator: { locks },
    performance: { getEntriesByType: () => [{ nextHopProtocol: protocol }] },
  }) as unknown as Parameters<typeof takeSlot>[1];
const take = (host: Parameters<typeof takeSlot>[1]) =>
  new Promise<(() => void) | undefined>((resolve) => takeSlot(resolve, host));

describe('connections that tabs hold', () => {
  it('CLI-13: are four together; one given back is had by the next', async () => {
    const locks = new Locks();
    const taken = await Promise.all(Array.from({ length: 8 }, () => take(tab(locks))));
    expect(taken.filter(Boolean)).toHaveLength(4);
    expect(await take(tab(locks))).toBeUndefined();
    taken.find(Boolean)!();
    await vi.waitFor(() => expect(locks.held.size).toBe(3));
    expect(await take(tab(locks))).toBeTypeOf('function');
  });

  it('CLI-13: are not counted over HTTP/2, outside of browsers, and where locks are denied', async () => {
    const locks = new Locks();
    const denied = { request: () => Promise.reject(new DOMException('denied', 'SecurityError')) };
    for (const host of [tab(locks, 'h2'), tab(undefined), {}, { navigator: { locks } } as never, tab(denied)]) {
      expect(await take(host)).toBeTypeOf('function');
    }
    expect(locks.held.size).toBe(0);
  });

  it('are taken at once where there is nothing to count', () => {
    const done = vi.fn<() => void>();
    takeSlot(done);
    expect(done).toHaveBeenCalledTimes(1);
  });
});
