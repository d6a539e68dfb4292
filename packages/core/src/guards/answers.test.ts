import { LongwaveError, type Schema, call, defineCalls, defineChannels, log, map } from '@longwave/protocol';
import { oddValues } from '@longwave/testkit';
import { describe, expect, it } from 'vitest';
import type { Authority } from '../base/authority.js';
import type { EngineOptions } from '../engine-options.js';
import { type Peer, createHarness } from '../testing/harness.js';
import { Replica } from '../testing/replica.js';

const channels = defineChannels({ room: log(), fleet: map(), '@me': log() });

const linesOf = (errors: readonly unknown[]): string[] => errors.map((line) => String((line as unknown[])[0]));

/** Rejects with what need not be an error. */
const rejected = (value: unknown): Promise<never> =>
  Promise.resolve().then(() => {
    throw value;
  });

const identifies = (answer: unknown): Authority => ({ authenticate: () => answer as never, authorize: () => true });
const grants = (answer: unknown): Authority => ({ authenticate: () => ({}), authorize: () => answer as never });

/** Until all that is asynchronous has come to its end. */
async function settle(): Promise<void> {
  for (let i = 0; i < 20; i++) await Promise.resolve();
}

async function connectTo(authority: Authority, options: Partial<EngineOptions> = {}) {
  const harness = createHarness(channels, { authority, ...options });
  const peer = harness.connect();
  await settle();
  harness.clock.turn();
  return { ...harness, peer, lines: linesOf(harness.errors) };
}

async function subscribe(peer: Peer, clock: { turn(): void }, channel: string): Promise<string> {
  peer.send({ type: 'subscribe', id: 1, channel });
  await settle();
  clock.turn();
  const refusal = peer.take('error')[0];
  return refusal ? refusal.code : (peer.take('subscribed')[0]?.type ?? 'silence');
}

describe('what authenticate answers', () => {
  const wrong = oddValues().filter(({ name }) => name !== 'an empty object');
  for (const promised of [false, true]) {
    it.each(wrong)(`SES-9: $name${promised ? ', promised,' : ''} lets nobody in`, async ({ value }) => {
      const { peer, lines } = await connectTo(identifies(promised ? Promise.resolve(value) : value));
      expect(peer.take('connected')).toEqual([]);
      expect(peer.closed).toEqual({ code: 4401, reason: 'unauthenticated' });
      expect(lines).toHaveLength(1);
      expect(lines[0]).toContain('authenticate answered with');
    });
  }

  it.each(oddValues().filter(({ name, value }) => value !== undefined && typeof value !== 'string' && name !== ''))(
    'SES-9: $name is no user',
    async ({ value }) => {
      const { peer, lines } = await connectTo(identifies({ user: value }));
      expect(peer.closed?.code).toBe(4401);
      expect(lines[0]).toContain('user: ');
    },
  );

  it.each(['', '\ud800', 'x'.repeat(8193)])(
    'SES-9: a text that cannot be kept apart from others is no user',
    async (user) => {
      const { peer, lines } = await connectTo(identifies({ user }));
      expect(peer.closed?.code).toBe(4401);
      expect(lines[0]).toContain('user: ');
    },
  );

  it.each(oddValues().filter(({ value }) => value !== undefined && !Number.isFinite(value)))(
    'SES-9: $name is no expiresAt',
    async ({ value }) => {
      const { peer, lines } = await connectTo(identifies({ user: 'ada', expiresAt: value }));
      expect(peer.closed?.code).toBe(4401);
      expect(lines[0]).toContain('expiresAt: ');
    },
  );

  it('SES-9: an unknown field is refused by its name', async () => {
    const { peer, lines } = await connectTo(identifies({ user: 'ada', role: 'admin' }));
    expect(peer.closed?.code).toBe(4401);
    expect(lines[0]).toContain("'role'");
  });

  it.each([{}, { user: undefined }, { user: 'ada' }, { user: 'ada', claims: new Map(), expiresAt: 2e12 }])(
    'SES-9: %j is an identity',
    async (answer) => {
      const { peer, lines } = await connectTo(identifies(answer));
      expect(peer.take('connected')).toHaveLength(1);
      expect(lines).toEqual([]);
    },
  );

  it('SES-9: a thenable that is no Promise is waited for', async () => {
    const query = { then: (done: (identity: unknown) => void) => done({ user: 'ada' }) };
    const { peer } = await connectTo(identifies(query));
    expect(peer.take('connected')).toMatchObject([{ user: 'ada' }]);
  });

  it.each(oddValues())('SES-9: throwing $name is unauthenticated', async ({ value }) => {
    const throws: Authority = {
      authenticate: () => {
        throw value;
      },
      authorize: () => true,
    };
    expect((await connectTo(throws)).peer.closed?.code).toBe(4401);
    expect((await connectTo({ ...throws, authenticate: () => rejected(value) })).peer.closed?.code).toBe(4401);
  });

  it('SES-9: a LongwaveError keeps its code, and is not logged', async () => {
    const error = new LongwaveError('unavailable', 'The database is away.', { retryAfterMs: 500 });
    const { peer, lines } = await connectTo({ authenticate: () => Promise.reject(error), authorize: () => true });
    expect(peer.take('error')).toMatchObject([{ code: 'unavailable', retryAfterMs: 500 }]);
    expect(lines).toEqual([]);
  });

  it('SES-9: a cause is logged once, however often it comes', async () => {
    const { connect, errors, clock } = await connectTo(identifies({ user: 42 }));
    for (let i = 0; i < 100; i++) connect();
    expect(errors).toHaveLength(1);
    clock.advance(601_000);
    connect();
    expect(linesOf(errors)).toEqual([expect.anything(), expect.stringContaining('100 more')]);
  });
});

describe('what authorize answers', () => {
  const wrong = oddValues().filter(({ value }) => value !== true);
  for (const action of ['subscribe', 'publish', 'history'] as const) {
    it.each(wrong)(`SES-10: $name grants no ${action}`, async ({ value }) => {
      const { peer, clock, errors } = await connectTo(grants(value));
      if (action === 'subscribe') peer.send({ type: 'subscribe', id: 1, channel: 'room' });
      else if (action === 'publish') peer.send({ type: 'publish', id: 1, channel: 'room', seq: 1, data: 1 });
      else peer.send({ type: 'history', id: 1, channel: 'room', limit: 1 });
      await settle();
      clock.turn();
      expect(peer.take('error')).toMatchObject([{ id: 1, code: 'forbidden' }]);
      expect(errors).toHaveLength(value === false ? 0 : 1);
    });
  }

  it.each(oddValues().filter(({ name }) => name !== 'an empty object'))(
    'SES-10: $name is no view',
    async ({ value }) => {
      const { peer, clock, errors } = await connectTo(grants({ view: value }));
      expect(await subscribe(peer, clock, 'fleet')).toBe('forbidden');
      expect(linesOf(errors)).toEqual([expect.stringContaining('view')]);
    },
  );

  it.each([
    { where: undefined },
    { where: { team: undefined } },
    { where: { team: { eq: undefined } } },
    { where: { team: { in: ['a', undefined] } } },
    { where: { team: Number.NaN } },
    { where: { age: { gt: Number.NaN } } },
    { keys: undefined },
    { wheer: { team: 'a' } },
  ])('SES-10: a limit that was forgotten grants nothing: %o', async (view) => {
    const { peer, clock, errors } = await connectTo(grants({ view }));
    expect(await subscribe(peer, clock, 'fleet')).toBe('forbidden');
    expect(errors).toHaveLength(1);
  });

  it('SES-10: a grant with a second field, or with a view for a log, is refused and logged', async () => {
    const second = await connectTo(grants({ view: {}, until: 5 }));
    expect(await subscribe(second.peer, second.clock, 'fleet')).toBe('forbidden');
    expect(linesOf(second.errors)).toEqual([expect.stringContaining("'until'")]);
    const ofLog = await connectTo(grants({ view: {} }));
    expect(await subscribe(ofLog.peer, ofLog.clock, 'room')).toBe('forbidden');
    expect(linesOf(ofLog.errors)).toEqual([expect.stringContaining("'room'")]);
  });

  it('SES-10: true and a view grant', async () => {
    for (const answer of [true, Promise.resolve(true), { view: { where: { team: 'a' } } }, { view: {} }]) {
      const { peer, clock, errors } = await connectTo(grants(answer));
      expect(await subscribe(peer, clock, 'fleet')).toBe('subscribed');
      expect(errors).toEqual([]);
    }
  });

  it('SES-10: a view that the application changes afterwards is another one at the next check', async () => {
    const view = { where: { team: 'a' } };
    const { peer, clock, engine } = await connectTo({ ...grants({ view }), authenticate: () => ({ user: 'ada' }) });
    await engine.change('fleet', { key: '1', data: { team: 'a' } });
    await engine.change('fleet', { key: '2', data: { team: 'b' } });
    expect(await subscribe(peer, clock, 'fleet')).toBe('subscribed');
    view.where.team = 'b';
    await engine.recheckUser('ada');
    clock.turn();
    expect(new Replica(peer, 'fleet').read().state).toEqual({ 2: { team: 'b' } });
  });
});

describe('what hooks answer', () => {
  it.each(oddValues().filter(({ value }) => value !== false))(
    'SES-11: $name of a hook stops nothing',
    async ({ value }) => {
      const on = { connect: () => value as void, subscribe: () => value as void, disconnect: () => value as void };
      const { peer, clock } = await connectTo({ authenticate: () => ({}), authorize: () => true }, { hooks: on });
      expect(await subscribe(peer, clock, 'room')).toBe('subscribed');
      peer.session.closed();
    },
  );

  it('SES-11: false refuses, and is logged once', async () => {
    const no = () => false as never;
    const closed = await connectTo(grants(true), { hooks: { connect: no } });
    expect(closed.peer.closed?.code).toBe(4403);
    const { peer, clock, errors } = await connectTo(grants(true), { hooks: { subscribe: no } });
    expect(await subscribe(peer, clock, 'room')).toBe('forbidden');
    expect(linesOf(errors)).toEqual([expect.stringContaining('subscribe hook')]);
  });

  it.each(oddValues())('SES-11: a hook that throws $name lets nothing through', async ({ value }) => {
    const fails = () => rejected(value);
    expect((await connectTo(grants(true), { hooks: { connect: fails } })).peer.closed?.code).toBe(4500);
    const { peer, clock, engine } = await connectTo(grants(true), { hooks: { publish: fails, subscribe: fails } });
    expect(await subscribe(peer, clock, 'room')).toBe('internal');
    peer.send({ type: 'publish', id: 2, channel: 'room', seq: 1, data: 1 });
    await settle();
    expect(engine.stats.published).toBe(0);
  });

  it('SES-11: a hook that answers with a thenable is waited for', async () => {
    const refuses = { then: (_: unknown, failed: (error: unknown) => void) => failed(new LongwaveError('forbidden')) };
    const { peer } = await connectTo(grants(true), { hooks: { connect: () => refuses as never } });
    expect(peer.closed?.code).toBe(4403);
  });
});

describe('what schemas and calls answer', () => {
  const answering = (answer: unknown): Schema => ({
    '~standard': { version: 1, vendor: 'test', validate: () => answer as never },
  });

  it.each(oddValues())('PUB-5: $name of a schema lets nothing through', async ({ value }) => {
    const withSchema = defineChannels({
      room: log({ message: answering(value) }),
      fleet: map({ value: answering(value) }),
    });
    const calls = defineCalls({ act: call(answering(value), () => 'done') });
    const { connect, clock, engine } = createHarness(withSchema, { calls });
    const peer = connect();
    peer.send(
      { type: 'publish', id: 1, channel: 'room', seq: 1, data: 1 },
      { type: 'publish', id: 2, channel: 'fleet', seq: 2, key: 'a', data: 1 },
      { type: 'call', id: 3, method: 'act', data: 1 },
    );
    await settle();
    clock.turn();
    expect(peer.take('error').map(({ id }) => id)).toEqual([1, 2, 3]);
    expect(engine.stats.published).toBe(0);
    await expect(engine.publish('room', 1)).rejects.toThrow(/schema/);
  });

  it.each(oddValues())('CALL-1: $name of a call is answered, with it or with an error', async ({ value }) => {
    const calls = defineCalls({ act: { input: undefined, handle: () => value } });
    const { connect, clock } = createHarness(channels, { calls });
    const peer = connect();
    peer.send({ type: 'call', id: 1, method: 'act', data: 1 });
    await settle();
    clock.turn();
    expect([...peer.take('reply'), ...peer.take('error')].map(({ id }) => id)).toEqual([1]);
    peer.send({ type: 'ping' });
    clock.turn();
    expect(peer.take('pong')).toHaveLength(1);
  });
});
