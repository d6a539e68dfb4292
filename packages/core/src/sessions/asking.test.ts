import { type Schema, clientCall, defineChannels, defineClientCalls } from '@longwave/protocol';
import { describe, expect, it } from 'vitest';
import { createHarness } from '../testing/harness.js';

function schema<T>(fits: (value: unknown) => value is T, expected: string): Schema<T> {
  const validate = (value: unknown) => (fits(value) ? { value } : { issues: [{ message: expected }] });
  return { '~standard': { version: 1, vendor: 'test', validate } };
}
const text = schema((value) => typeof value === 'string', 'expected a text');
const flag = schema((value) => typeof value === 'boolean', 'expected a flag');
const anything = schema((value): value is unknown => value !== undefined, 'expected something');
const clientCalls = defineClientCalls({ confirm: clientCall(text, flag), echo: clientCall(anything, anything) });

function setUp() {
  let draws = 0;
  const harness = createHarness(defineChannels({}), {
    clientCalls,
    random: () => (++draws % 1000) / 1000,
    authority: { authenticate: (token) => (token ? { user: token } : {}), authorize: () => true },
  });
  const { engine, clock } = harness;
  const call = async (id: string, method: string, input?: unknown, timeout?: number) => {
    const called = engine.clientCalls.connection(id, method, input, timeout === undefined ? {} : { timeout });
    // A rejection is looked at later.
    called.catch(() => undefined);
    await flush();
    clock.turn();
    return { called };
  };
  return { ...harness, call };
}

/** Lets promises settle whose results are at hand. */
async function flush(): Promise<void> {
  for (let i = 0; i < 20; i++) await Promise.resolve();
}

const connectFrame = (client: string, turn = 1, token = 'ada') => ({
  ...({ type: 'connect', version: 1, client, turn, token } as const),
});

describe('CALL-3: the server calls a client', () => {
  it.each(['json', 'binary'] as const)('over a connection, as %s', async (codec) => {
    const { connect, call } = setUp();
    const peer = connect(codec, 'phone', 'ada');
    const { called } = await call(peer.session.id, 'confirm', 'Sure?');
    const [ask] = peer.take('ask');
    expect(ask).toMatchObject({ method: 'confirm', data: 'Sure?' });
    peer.send({ type: 'answer', id: ask!.id, data: true });
    await expect(called).resolves.toBe(true);
  });

  it('with bytes both ways', async () => {
    const { connect, call } = setUp();
    const peer = connect('binary', 'phone', 'ada');
    const { called } = await call(peer.session.id, 'echo', Uint8Array.of(1, 2));
    const [ask] = peer.take('ask');
    expect(ask!.data).toEqual(Uint8Array.of(1, 2));
    peer.send({ type: 'answer', id: ask!.id, data: Uint8Array.of(3) });
    await expect(called).resolves.toEqual(Uint8Array.of(3));
  });

  it('with the code that the client refuses it with', async () => {
    const { connect, call } = setUp();
    const peer = connect('json', 'phone', 'ada');
    const { called } = await call(peer.session.id, 'confirm', 'Sure?');
    peer.send({ type: 'refuse', id: peer.take('ask')[0]!.id, code: 'forbidden', message: 'Not now.' });
    await expect(called).rejects.toMatchObject({ code: 'forbidden', message: 'Not now.' });
  });

  it('CALL-6: a code that it does not know is internal', async () => {
    const { connect, call } = setUp();
    const peer = connect('json', 'phone', 'ada');
    const { called } = await call(peer.session.id, 'confirm', 'Sure?');
    peer.send({ type: 'refuse', id: peer.take('ask')[0]!.id, code: '__proto__', message: 'Odd.' });
    await expect(called).rejects.toMatchObject({ code: 'internal', message: 'Odd.' });
  });

  it('over a poll, which it ends, and is answered by another request', async () => {
    const { request, call, clock } = setUp();
    const poll = request({ holdMs: 25_000, atOnce: false }, [connectFrame('phone')]);
    expect(poll.ended).toBe(false);
    const { called } = await call(poll.session.id, 'confirm', 'Sure?');
    clock.turn();
    expect(poll.ended).toBe(true);
    const ask = poll.frames.find((frame) => frame.type === 'ask')!;
    const up = request('send', [connectFrame('phone', 2), { type: 'answer', id: ask.id, data: false }]);
    await expect(called).resolves.toBe(false);
    expect(up.ended).toBe(true);
  });

  it('over the next poll, when one is over and its client is about to ask again', async () => {
    const { request, call, clock } = setUp();
    const first = request({ holdMs: 25_000, atOnce: true }, [connectFrame('phone')]);
    expect(first.ended).toBe(true);
    const { called } = await call(first.session.id, 'confirm', 'Sure?');
    const second = request({ holdMs: 25_000, atOnce: false }, [connectFrame('phone', 2)]);
    clock.turn();
    const ask = second.frames.find((frame) => frame.type === 'ask')!;
    request('send', [connectFrame('phone', 3), { type: 'answer', id: ask.id, data: true }]);
    await expect(called).resolves.toBe(true);
  });

  it('on all connections of a user, those between two polls as well, and not on requests beside them', async () => {
    const { engine, connect, request, clock } = setUp();
    const desk = connect('json', 'desk', 'ada');
    const other = connect('json', 'other', 'bob');
    const poll = request({ holdMs: 25_000, atOnce: true }, [connectFrame('phone')]);
    const up = request('send', [connectFrame('desk', 0), { type: 'call', id: 1, method: 'none', data: 1 }]);
    const called = engine.clientCalls.user('ada', 'confirm', 'Sure?');
    await flush();
    clock.turn();
    desk.send({ type: 'answer', id: desk.take('ask')[0]!.id, data: true });
    const again = request({ holdMs: 25_000, atOnce: false }, [connectFrame('phone', 2)]);
    const ask = again.frames.find((frame) => frame.type === 'ask')!;
    request('send', [connectFrame('phone', 3), { type: 'answer', id: ask.id, data: 'yes' }]);
    const { replies, missing } = await called;
    expect(missing).toEqual([]);
    expect(replies).toEqual([
      { connection: desk.session.id, output: true },
      { connection: poll.session.id, error: expect.objectContaining({ code: 'invalid-data' }) },
    ]);
    expect([other.take('ask'), up.types.includes('ask')]).toEqual([[], false]);
  });

  it('a user without a connection has no replies', async () => {
    const { engine } = setUp();
    expect(await engine.clientCalls.user('ada', 'confirm', 'Sure?')).toEqual({ replies: [], missing: [] });
  });
});

describe('CALL-4: a call that is not answered', () => {
  it('is over in time, and the answer that comes later is dropped', async () => {
    const { connect, call, clock } = setUp();
    const peer = connect('json', 'phone', 'ada');
    const { called } = await call(peer.session.id, 'confirm', 'Sure?', 5000);
    clock.advance(5000);
    await expect(called).rejects.toMatchObject({ code: 'timeout' });
    peer.send({ type: 'answer', id: peer.take('ask')[0]!.id, data: true });
    clock.turn();
    expect([peer.take('error'), peer.closed]).toEqual([[], undefined]);
  });

  it('is unavailable when its connection ends, and when there is none', async () => {
    const { connect, call } = setUp();
    const peer = connect('json', 'phone', 'ada');
    const { called } = await call(peer.session.id, 'confirm', 'Sure?');
    peer.session.closed();
    await expect(called).rejects.toMatchObject({ code: 'unavailable' });
    expect(peer.take('ask')).toHaveLength(1);
    for (const id of [peer.session.id, 'elsewhere-1', 'none', `${peer.session.id}9`]) {
      await expect((await call(id, 'confirm', 'Sure?')).called).rejects.toMatchObject({ code: 'unavailable' });
    }
  });

  it('is unavailable when the client of a request does not come back', async () => {
    const { request, call, clock } = setUp();
    const poll = request({ holdMs: 25_000, atOnce: true }, [connectFrame('phone')]);
    const { called } = await call(poll.session.id, 'confirm', 'Sure?');
    clock.advance(3000);
    await expect(called).rejects.toMatchObject({ code: 'unavailable' });
    const { timers } = clock;
    request({ holdMs: 25_000, atOnce: true }, [connectFrame('phone', 2)]);
    expect(clock.timers).toBe(timers);
  });

  it('takes the answer of no other client', async () => {
    const { connect, call } = setUp();
    const [peer, thief] = [connect('json', 'phone', 'ada'), connect('json', 'thief', 'ada')];
    const { called } = await call(peer.session.id, 'confirm', 'Sure?');
    const { id } = peer.take('ask')[0]!;
    thief.send({ type: 'answer', id, data: true });
    await flush();
    peer.send({ type: 'answer', id, data: false });
    await expect(called).resolves.toBe(false);
  });

  it('ends with the engine', async () => {
    const { engine, connect, call, clock } = setUp();
    const peer = connect('json', 'phone', 'ada');
    const { called } = await call(peer.session.id, 'confirm', 'Sure?');
    await engine.close();
    await expect(called).rejects.toMatchObject({ code: expect.stringMatching(/unavailable|going-away/) });
    expect(clock.timers).toBe(0);
  });
});

describe('CALL-5: what waits for a client', () => {
  it('is 64 calls at most', async () => {
    const { connect, call, clock } = setUp();
    const peer = connect('json', 'phone', 'ada');
    const calls = await Promise.all(Array.from({ length: 65 }, () => call(peer.session.id, 'confirm', 'Sure?')));
    await expect(calls[64]!.called).rejects.toMatchObject({ code: 'rate-limited' });
    expect(peer.take('ask')).toHaveLength(64);
    peer.send(...peer.take('ask').map(({ id }) => ({ type: 'answer', id, data: true }) as const));
    for (let turn = 0; turn < 3; turn++) {
      await flush();
      clock.turn();
    }
    expect(await Promise.all(calls.slice(0, 64).map(({ called }) => called))).toEqual(Array(64).fill(true));
    const { called } = await call(peer.session.id, 'confirm', 'Sure?');
    peer.send({ type: 'answer', id: peer.take('ask')[64]!.id, data: true });
    await expect(called).resolves.toBe(true);
  });

  it('is bounded in bytes where it takes nothing', async () => {
    const { connect, call } = setUp();
    const peer = connect('json', 'phone', 'ada');
    peer.room = 1;
    const large = 'x'.repeat(40_000);
    const calls = [];
    for (let i = 0; i < 6; i++) calls.push(await call(peer.session.id, 'confirm', large));
    await expect(calls[5]!.called).rejects.toMatchObject({ code: 'rate-limited' });
    expect(peer.session.pendingUnits).toBeLessThan(130_000);
  });

  it('is no call that is larger than a message', async () => {
    const { connect, call } = setUp();
    const peer = connect('json', 'phone', 'ada');
    const { called } = await call(peer.session.id, 'confirm', 'x'.repeat(70_000));
    await expect(called).rejects.toMatchObject({ code: 'too-large' });
    expect(peer.take('ask')).toEqual([]);
  });
});

describe('CALL-7: the contract', () => {
  it('refuses an input and an answer that do not fit, and a method that it does not know', async () => {
    const { connect, call } = setUp();
    const peer = connect('json', 'phone', 'ada');
    await expect((await call(peer.session.id, 'confirm', 5)).called).rejects.toMatchObject({
      code: 'invalid-data',
      message: 'expected a text',
    });
    for (const method of ['nothing', 'constructor']) {
      await expect((await call(peer.session.id, method)).called).rejects.toMatchObject({ code: 'unknown-method' });
    }
    expect(peer.take('ask')).toEqual([]);
    const { called } = await call(peer.session.id, 'confirm', 'Sure?');
    peer.send({ type: 'answer', id: peer.take('ask')[0]!.id, data: 'yes' });
    await expect(called).rejects.toMatchObject({ code: 'invalid-data', message: 'expected a flag' });
  });

  it('is asked for arguments that can be', async () => {
    const { engine } = setUp();
    const { clientCalls: calls } = engine;
    await expect(calls.connection('', 'confirm', 'x')).rejects.toThrow(TypeError);
    await expect(calls.user('', 'confirm', 'x')).rejects.toThrow(TypeError);
    await expect(calls.user('ada', 'confirm', 'x', { timeout: 0 })).rejects.toThrow(TypeError);
  });
});
