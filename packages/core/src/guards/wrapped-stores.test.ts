import { describe, expect, it } from 'vitest';
import { Complaints } from './complaints.js';
import { FencedStore } from './fenced-store.js';
import type { Store } from '../base/ports.js';
import { ScopedStore } from '../channels/scoped-ids.js';
import { createStats } from '../base/stats.js';

type Whole = Required<Store>;
/** How each member of the port is used. One that is added to the port, optional or not, does not compile until it stands here. */
const uses: { readonly [Name in keyof Whole]: (store: Whole) => unknown } = {
  durability: (store) => store.durability,
  announcements: (store) => store.announcements,
  append: (store) => store.append('a', { payload: '1' }, { count: 1, bytes: 1, ageMs: 1 }),
  compact: (store) => store.compact('a', { epoch: 'e', offset: 1, payload: new Uint8Array() }),
  read: (store) => store.read('a', { limit: 1 }),
  bounds: (store) => store.bounds('a'),
  watch: (store) => store.watch('a', { announce: () => undefined, learn: () => undefined }),
  expire: (store) => store.expire(),
  check: (store) => store.check(),
  relay: (store) => store.relay.send('a', new Uint8Array()),
  close: (store) => store.close(),
};

/** Notes which of its members were used, and answers what the port says. */
function noting(used: Set<string>): Whole {
  const note = <T>(name: string, answer: T): T => {
    used.add(name);
    return answer;
  };
  const bounds = { epoch: 'e', floor: 0, top: 0 };
  return {
    get durability() {
      return note('durability', 'disk' as const);
    },
    get announcements() {
      return note('announcements', 'best-effort' as const);
    },
    append: () => note('append', { epoch: 'e', offset: 1, duplicate: false }),
    compact: () => note('compact', true),
    read: () => note('read', { ...bounds, ops: [] }),
    bounds: () => note('bounds', bounds),
    watch: () => note('watch', () => undefined),
    expire: () => note('expire', undefined),
    check: () => note('check', undefined),
    relay: { send: () => note('relay', undefined), listen: () => () => undefined },
    close: () => note('close', undefined),
  };
}

const clock = { now: () => 0 };
const logger = { error: () => undefined, info: () => undefined };
const fenced = (store: Store): Whole => new FencedStore(store, new Complaints(clock, logger), createStats());
const wrappers: Readonly<Record<string, (store: Store) => Whole>> = {
  FencedStore: fenced,
  ScopedStore: (store) => new ScopedStore(fenced(store)),
};

describe.each(Object.entries(wrappers))('%s', (_, wrap) => {
  it.each(Object.entries(uses))('hands %s on to the store behind it', (name, use) => {
    const used = new Set<string>();
    const answer = use(wrap(noting(used)));
    expect(used).toContain(name);
    expect(typeof answer).toBe(typeof use(noting(new Set())));
  });

  it('goes without what a store lacks', () => {
    const { check: _check, ...store } = noting(new Set());
    expect(wrap(store).check()).toBeUndefined();
  });
});
