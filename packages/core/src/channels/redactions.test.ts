import { defineChannels, doc, log, map, signal } from '@longwave/protocol';
import { describe, expect, it } from 'vitest';
import type { AuthorizeContext, Grant } from '../base/authority.js';
import type { ReadQuery, Store, StoredPage } from '../base/ports.js';
import { MemoryStore } from '../store/memory-store.js';
import { type Peer, createHarness } from '../testing/harness.js';
import { recorder, setUp } from '../testing/listeners.js';

const channels = defineChannels({
  'chat/:room': log({ redactable: true }),
  plain: log(),
  typing: signal(),
  board: map(),
  'doc/:id': doc(),
  '@me': log({ redactable: true }),
});
const format = { check: () => undefined, compact: () => new Uint8Array() };

/** The token names the user; without one the client is anonymous. */
const named = (authorize?: (context: AuthorizeContext) => boolean | Grant) => ({
  authenticate: (token?: string) => (token === undefined ? {} : { user: token }),
  ...(authorize && { authorize }),
});

function scene(authorize?: (context: AuthorizeContext) => boolean | Grant, store?: Store) {
  const harness = createHarness(channels, {
    documents: format,
    authority: named(authorize),
    ...(store && { store }),
  });
  let seq = 0;
  const ask = async (peer: Peer, frame: object): Promise<unknown> => {
    const id = peer.nextId();
    peer.send({ type: 'publish', id, channel: 'chat/a', seq: ++seq, data: null, ...frame });
    await new Promise(setImmediate);
    harness.clock.turn();
    const answer = peer.frames.find((each) => 'id' in each && each.id === id);
    return answer?.type === 'ack' ? [answer.offset, answer.duplicate ?? false] : (answer as { code?: string }).code;
  };
  const redact = (peer: Peer, offset: number, more: object = {}): Promise<unknown> =>
    ask(peer, { kind: 'redact', data: { epoch: 'id-1', offset }, ...more });
  return { ...harness, ask, redact };
}

const opsOf = (peer: Peer) =>
  peer
    .take('message')
    .flatMap(({ offset, ops }) => ops.map(({ kind, data, user }, i) => [offset + i, kind ?? 'put', data, user]));

describe('redaction', () => {
  it.each(['json', 'binary'] as const)(
    'RED-1, RED-2: over %s, the message keeps its place and loses its data',
    async (codec) => {
      const { engine, connect, redact, ask, clock } = scene();
      const ada = connect(codec, 'a', 'ada');
      const reader = connect(codec, 'b', 'bob');
      reader.send({ type: 'subscribe', id: 900, channel: 'chat/a' });
      await ask(ada, { data: 'secret' });
      await ask(ada, { data: new Uint8Array([1, 2]) });
      expect(await redact(ada, 1, { data: { epoch: 'id-1', offset: 1, reason: 'a slip' } })).toEqual([3, false]);
      expect(await redact(ada, 2)).toEqual([4, false]);
      expect(opsOf(reader)).toEqual([
        [1, 'put', 'secret', 'ada'],
        [2, 'put', new Uint8Array([1, 2]), 'ada'],
        [3, 'redact', { offset: 1, reason: 'a slip' }, 'ada'],
        [4, 'redact', { offset: 2 }, 'ada'],
      ]);
      const late = connect(codec, 'c', 'carl');
      late.send({ type: 'subscribe', id: 901, channel: 'chat/a', last: 10 });
      late.send({ type: 'history', id: 902, channel: 'chat/a', limit: 10 });
      clock.turn();
      const expected = [
        [1, 'redacted', undefined, 'ada'],
        [2, 'redacted', undefined, 'ada'],
        [3, 'redact', { offset: 1, reason: 'a slip' }, 'ada'],
        [4, 'redact', { offset: 2 }, 'ada'],
      ];
      expect(opsOf(late)).toEqual(expected);
      expect(late.take('page')[0]!.ops.map(({ kind }) => kind)).toEqual(['redacted', 'redacted', 'redact', 'redact']);
      expect((await engine.history('chat/a')).ops.map(({ payload }) => payload)).toEqual([
        ...['', '', '{"offset":1,"reason":"a slip"}', '{"offset":2}'],
      ]);
    },
  );

  it('RED-1: is refused where the contract does not allow it', async () => {
    const { engine, connect, redact } = scene();
    const ada = connect('json', 'a', 'ada');
    for (const channel of ['plain', 'typing', 'board', 'doc/x']) {
      expect([channel, await redact(ada, 1, { channel })]).toEqual([channel, 'wrong-mode']);
      await expect(engine.redactions.redact(channel, { offset: 1 })).rejects.toMatchObject({ code: 'wrong-mode' });
    }
    expect(await redact(ada, 1, { channel: 'nowhere/x' })).toBe('unknown-channel');
    await expect(engine.redactions.redact('nowhere/x', { offset: 1 })).rejects.toMatchObject({
      code: 'unknown-channel',
    });
    expect(await redact(ada, 1, { key: 'k' })).toBe('wrong-mode');
  });

  it('RED-2: a reader that lags gets nothing that was taken meanwhile, whatever was read for it before', async () => {
    const inner = new MemoryStore({ clock: { now: () => 1 }, makeId: () => 'id-1' });
    const answers: (() => void)[] = [];
    let isHeld = false;
    const store: Store = Object.assign(Object.create(inner) as Store, {
      append: inner.append.bind(inner),
      bounds: inner.bounds.bind(inner),
      watch: inner.watch.bind(inner),
      read(channel: string, query: ReadQuery): StoredPage | Promise<StoredPage> {
        const page = inner.read(channel, query);
        return isHeld ? new Promise((resolve) => answers.push(() => resolve(page))) : page;
      },
    });
    const { engine, connect, clock } = scene(undefined, store);
    const first = connect('json', 'f', 'f');
    for (const text of ['one', 'two', 'three', 'four']) await engine.publish('chat/a', text.repeat(4_000));
    first.send({ type: 'subscribe', id: 900, channel: 'chat/a' });
    clock.turn();
    // One has a page that it is not through with, one waits for a page that the store has read already.
    const slow = connect('json', 's', 's');
    slow.room = 2;
    slow.send({ type: 'subscribe', id: 901, channel: 'chat/a', last: 4 });
    clock.turn();
    isHeld = true;
    const waiting = connect('json', 'w', 'w');
    waiting.send({ type: 'subscribe', id: 902, channel: 'chat/a', last: 4 });
    clock.turn();
    isHeld = false;
    expect(answers).toHaveLength(1);
    for (const offset of [3, 4]) await engine.redactions.redact('chat/a', { offset });
    answers[0]!();
    await new Promise(setImmediate);
    slow.drain();
    clock.turn();
    const kinds = (peer: Peer) => opsOf(peer).map(([offset, kind]) => [offset, kind]);
    const end = [
      [3, 'redacted'],
      [4, 'redacted'],
      [5, 'redact'],
      [6, 'redact'],
    ];
    expect(kinds(waiting)).toEqual([[1, 'put'], [2, 'put'], ...end]);
    expect(kinds(slow).slice(-4)).toEqual(end);
    expect(kinds(first)).toEqual(end.slice(2));
  });

  it('RED-2: one that is published and redacted in one turn is not shown', async () => {
    const { engine, connect, clock } = scene();
    const reader = connect('json', 'r', 'r');
    reader.send({ type: 'subscribe', id: 900, channel: 'chat/a' });
    clock.turn();
    await engine.publish('chat/a', 'secret');
    await engine.redactions.redact('chat/a', { offset: 1 });
    clock.turn();
    expect(opsOf(reader)).toEqual([
      [1, 'redacted', undefined, undefined],
      [2, 'redact', { offset: 1 }, undefined],
    ]);
  });

  it('RED-3: without authorize a user may redact their own messages alone', async () => {
    const { connect, redact, ask, engine } = scene();
    const [ada, bob, nobody] = [connect('json', 'a', 'ada'), connect('json', 'b', 'bob'), connect('json', 'n')];
    await ask(ada, { data: 1 });
    await ask(nobody, { data: 2 });
    expect(await redact(bob, 1)).toBe('forbidden');
    expect(await redact(nobody, 1)).toBe('forbidden');
    expect(await redact(nobody, 2)).toBe('forbidden');
    expect(await redact(ada, 2)).toBe('forbidden');
    // Another device of the same user.
    expect(await redact(connect('json', 'a2', 'ada'), 1)).toEqual([3, false]);
    expect(await engine.redactions.redact('chat/a', { offset: 2 }, { user: 'moderator' })).toMatchObject({
      position: { offset: 4 },
    });
  });

  it('RED-3: authorize refuses, allows own messages, or all', async () => {
    const asked: unknown[] = [];
    const grants: Readonly<Record<string, boolean | Grant>> = { ada: true, eve: false, mod: { anyAuthor: true } };
    const { connect, redact, ask } = scene(({ action, user, params }) => {
      if (action !== 'redact') return true;
      asked.push([user, params['room']]);
      return grants[user!]!;
    });
    const [ada, eve, mod] = ['ada', 'eve', 'mod'].map((name) => connect('json', name, name)) as [Peer, Peer, Peer];
    await ask(ada, { data: 1 });
    await ask(eve, { data: 2 });
    expect(await redact(eve, 2)).toBe('forbidden');
    expect(await redact(ada, 2)).toBe('forbidden');
    expect(await redact(ada, 1)).toEqual([3, false]);
    expect(await redact(mod, 2)).toEqual([4, false]);
    expect(asked).toEqual([
      ['eve', 'a'],
      ['ada', 'a'],
      ['ada', 'a'],
      ['mod', 'a'],
    ]);
  });

  it('RED-3, SES-10: anyAuthor grants nothing but redacting, and only as true', async () => {
    let answer: unknown = { anyAuthor: true };
    let of = 'publish';
    const { connect, redact, ask, errors } = scene(({ action }) => (action === of ? (answer as Grant) : true));
    const ada = connect('json', 'a', 'ada');
    expect(await ask(ada, { data: 1 })).toBe('forbidden');
    [of, answer] = ['redact', { anyAuthor: 1 }];
    await ask(ada, { data: 1 });
    expect(await redact(ada, 1)).toBe('forbidden');
    answer = { anyAuthor: true, view: {} };
    expect(await redact(ada, 1)).toBe('forbidden');
    expect(errors.length).toBeGreaterThan(0);
  });

  it('RED-4: names its message by epoch and offset', async () => {
    const { connect, redact, ask, engine } = scene();
    const ada = connect('json', 'a', 'ada');
    await ask(ada, { data: 1 });
    expect(await redact(ada, 1, { data: { epoch: 'other', offset: 1 } })).toBe('epoch-changed');
    expect(await redact(ada, 2)).toBe('trimmed');
    expect(await redact(ada, 0)).toBe('trimmed');
    await expect(engine.redactions.redact('chat/a', { epoch: 'other', offset: 1 })).rejects.toMatchObject({
      code: 'epoch-changed',
    });
    expect(await redact(ada, 1)).toEqual([2, false]);
    expect(await redact(ada, 1)).toEqual([2, true]);
    expect(await redact(ada, 2)).toEqual([2, true]);
    expect(await engine.redactions.redact('chat/a', { offset: 1 })).toMatchObject({ duplicate: true });
  });

  it('RED-5: is a publish: repeated it is one, it keeps its order, and the hook is not called', async () => {
    const hooked: unknown[] = [];
    const harness = createHarness(channels, {
      documents: format,
      authority: named(),
      hooks: { publish: ({ data }) => void hooked.push(data) },
    });
    const ada = harness.connect('json', 'a', 'ada');
    const data = { epoch: 'id-1', offset: 1 };
    ada.send(
      { type: 'publish', id: 1, channel: 'chat/a', seq: 1, data: 'x' },
      { type: 'publish', id: 2, channel: 'chat/a', seq: 2, after: 1, kind: 'redact', data },
      { type: 'publish', id: 3, channel: 'chat/a', seq: 3, after: 2, data: 'y' },
      { type: 'publish', id: 4, channel: 'chat/a', seq: 2, retry: true, kind: 'redact', data },
    );
    harness.clock.turn();
    expect(ada.take('ack').map(({ id, offset, duplicate }) => [id, offset, duplicate ?? false])).toEqual([
      [1, 1, false],
      [2, 2, false],
      [3, 3, false],
      [4, 2, true],
    ]);
    expect(hooked).toEqual(['x', 'y']);
  });

  it('RED-8: the server redacts in the inbox of a user, who is told; a client cannot', async () => {
    const { engine, connect, redact, clock } = scene();
    const ada = connect('json', 'a', 'ada');
    ada.send({ type: 'subscribe', id: 900, channel: '@me' });
    await engine.publishToUser('ada', 'secret');
    await engine.publishToUser('bob', 'hers');
    expect(await redact(ada, 1, { channel: '@me' })).toBe('forbidden');
    const { position, duplicate } = await engine.redactions.redactForUser(
      'ada',
      { offset: 1 },
      { reason: 'used', user: 'mod' },
    );
    expect([position.offset, duplicate]).toEqual([2, false]);
    clock.turn();
    expect(opsOf(ada)).toEqual([
      [1, 'put', 'secret', undefined],
      [2, 'redact', { offset: 1, reason: 'used' }, 'mod'],
    ]);
    ada.send({ type: 'history', id: 901, channel: '@me', limit: 10 });
    clock.turn();
    expect(ada.take('page')[0]!.ops.map(({ kind, data }) => [kind, data])).toEqual([
      ['redacted', undefined],
      ['redact', { offset: 1, reason: 'used' }],
    ]);
    await expect(engine.redactions.redactForUser('ada', { offset: 1, epoch: 'x' })).rejects.toMatchObject({
      code: 'epoch-changed',
    });
    await expect(engine.redactions.redactForUser('carl', { offset: 1 })).rejects.toMatchObject({ code: 'trimmed' });
    await expect(engine.redactions.redactForUser('', { offset: 1 })).rejects.toThrow(TypeError);
    await expect(engine.redactions.redactForUser('ada', { offset: 0 })).rejects.toThrow(TypeError);
  });

  it('RED-8: refuses an inbox that there is not, or that is not redactable', async () => {
    const without = createHarness(defineChannels({ plain: log() })).engine;
    await expect(without.redactions.redactForUser('ada', { offset: 1 })).rejects.toMatchObject({
      code: 'unknown-channel',
    });
    const plain = createHarness(defineChannels({ '@me': log() })).engine;
    await expect(plain.redactions.redactForUser('ada', { offset: 1 })).rejects.toMatchObject({ code: 'wrong-mode' });
  });

  it.each([
    ['nothing', null, 'invalid-data'],
    ['no epoch', { offset: 1 }, 'invalid-data'],
    ['an offset that is no whole number', { epoch: 'id-1', offset: 1.5 }, 'invalid-data'],
    ['a reason that is no text', { epoch: 'id-1', offset: 1, reason: 1 }, 'invalid-data'],
    ['a long epoch', { epoch: 'x'.repeat(321), offset: 1 }, 'too-large'],
    ['a long reason', { epoch: 'id-1', offset: 1, reason: 'x'.repeat(201) }, 'too-large'],
  ])('RED-5: refuses %s', async (_, data, code) => {
    const { connect, redact } = scene();
    expect(await redact(connect('json', 'a', 'ada'), 1, { data })).toBe(code);
  });

  it.each([
    ['the message', [{}, {}]],
    ['the message', [{ offset: 0 }, {}]],
    ['the epoch', [{ offset: 1, epoch: '' }, {}]],
    ['the reason', [{ offset: 1 }, { reason: 'x'.repeat(201) }]],
    ['an option that there is not', [{ offset: 1 }, { why: 'x' }]],
  ] as const)('checks the arguments of the server: %s', async (_, [target, options]) => {
    const { engine } = scene();
    await expect(engine.redactions.redact('chat/a', target as never, options as never)).rejects.toThrow(TypeError);
  });
});

describe('redaction, to the application', () => {
  it('RED-2: is told by onRedact, in order, and the position moves on', async () => {
    const { nodes, settle } = setUp({ count: 2 });
    const [one, two] = nodes as [(typeof nodes)[0], (typeof nodes)[0]];
    const { told, metas, handler } = recorder();
    const subscription = one.engine.listening.subscribe(
      'open/a',
      { onRedact: ({ target, reason, user }) => told.push([target.offset, reason, user]) },
      handler,
    );
    await subscription.ready;
    await two.engine.publish('open/a', 'one');
    await settle();
    await two.engine.redactions.redact('open/a', { offset: 1 }, { reason: 'spam', user: 'mod' });
    await settle();
    expect(told).toEqual(['one', [1, 'spam', 'mod']]);
    expect(subscription.position).toMatchObject({ offset: 2 });
    const late = recorder();
    one.engine.listening.subscribe('open/a', { from: 'start' }, late.handler);
    await settle();
    expect([late.told, late.metas.map(({ redacted }) => redacted)]).toEqual([[undefined], [true]]);
    expect(metas.map(({ redacted }) => redacted)).toEqual([false]);
  });
});
