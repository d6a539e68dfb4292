import { type ClientFrame, type ServerFrame, canonicalView, viewTag } from '@longwave/protocol';
import type { Random } from '@longwave/testkit/virtual';
import { HostileDocuments } from './hostile-documents.js';
import { HostileInputs } from './hostile-inputs.js';

type Fields = Record<string, unknown>;
type Make = () => Fields;

/** Depths around the bound, which most are. */
const shallow = [1, 2, 63, 64, 65, 66];
const numbers = [0, 1, -1, 1.5, -0, 2 ** 31, 2 ** 53 - 1, 2 ** 53, 1e300, -1e300, 5e-324, 1e-7];
const texts = ['', 'a', 'x'.repeat(300), '@me', '__proto__', 'constructor', '\ud800', '\u0000', '\u2028', 'é', '😀'];
const literals = [null, true, false, [], {}, [[]], { then: 1 }, { toJSON: 1 }, { length: 5 }, { eq: 1 }];
const channels = [
  'log',
  'chat/a',
  'chat/b',
  'map',
  'deep',
  'score',
  '@me',
  '@presence/chat/a',
  '@demand/map',
  'doc/a',
  'doc/b',
  '@presence/doc/a',
  'arena/a',
  'hall/a',
  '@presence/arena/a',
  'nope',
  '',
];
const paths = ['speed', 'a', 'a.b.c', 'lon', '__proto__', '', '.', 'constructor.name'];
const operators = ['eq', 'ne', 'gt', 'gte', 'lt', 'lte', 'in', 'has', 'nope'];

/** JSON that `JSON.stringify` would not write, to be put in where a frame has this text. */
export const marks = { deep: '@deep@', huge: '@huge@' } as const;

/** Frames of every type, right and wrong in all their fields. The compiler refuses a type that is missing. */
export class HostileFrames {
  readonly #random: Random;
  readonly #makers: Readonly<Record<ClientFrame['type'], Make>>;
  readonly #documents: HostileDocuments;
  readonly inputs: HostileInputs;
  /** That of the store, which resumes have to know. */
  epoch = 'e';
  /** The end of `log`, near which messages can be redacted. */
  top = 0;
  #seq = 0;

  constructor(random: Random) {
    this.#random = random;
    this.#documents = new HostileDocuments(random);
    this.inputs = new HostileInputs(random);
    this.#makers = this.#createMakers();
  }

  get types(): readonly ClientFrame['type'][] {
    return Object.keys(this.#makers) as ClientFrame['type'][];
  }

  make(type: ClientFrame['type']): Fields {
    const frame = this.#makers[type]();
    // Now and then a field is something else, or one too many.
    const names = [...Object.keys(frame), 'extra'];
    if (this.#random.chance(0.15)) frame[this.#random.pick(names)] = this.#junk();
    return { type, ...frame };
  }

  /** In place of a mark in the text of a frame. */
  nested(): string {
    const random = this.#random;
    const depth = random.pick(random.chance(0.95) ? shallow : random.chance(0.98) ? [200, 5_000] : [100_000]);
    return random.chance(0.5)
      ? '['.repeat(depth) + ']'.repeat(depth)
      : '{"a":'.repeat(depth - 1) + '{}' + '}'.repeat(depth - 1);
  }

  hugeNumber(): string {
    return this.#random.pick(['1e400', '-1e400', '1e-400', '9'.repeat(400), '0.' + '0'.repeat(400) + '1', '-0']);
  }

  #createMakers(): Readonly<Record<ClientFrame['type'], Make>> {
    const pick = <T>(...items: readonly T[]): T => this.#random.pick(items);
    const maybe = (value: unknown, chance = 0.5): unknown => (this.#random.chance(chance) ? value : undefined);
    const id = (): unknown => this.#random.below(1000);
    const channel = (): string => this.#random.pick(channels);
    return {
      connect: () => ({
        ...{
          version: pick(1, 1, 1, 1, 2),
          client: `c${this.#random.below(30)}`,
          token: maybe(pick('ada', 'bob', 'bad')),
        },
        ...{ turn: maybe(this.#random.below(10)), bytesPerSecond: maybe(pick(1, 1e6, 0), 0.1) },
      }),
      subscribe: () => ({
        ...{ id: id(), channel: channel(), last: maybe(this.#random.below(100), 0.3), again: maybe(true, 0.2) },
        ...this.#position(),
        ...{ view: maybe(this.#view()), fresh: maybe(true, 0.2) },
      }),
      unsubscribe: () => ({ id: id(), channel: channel(), tag: maybe(this.#tag()) }),
      track: () => ({ id: id(), channel: pick('map', 'deep', channel()), tag: maybe(this.#tag()), view: this.#view() }),
      publish: () => ({
        ...{ id: id(), ...this.#published(), seq: pick(++this.#seq, this.#seq, this.#random.below(100)) },
        ...{ retry: maybe(true, 0.2), messageId: maybe(`m${this.#random.below(20)}`, 0.3) },
        ...{ after: maybe(this.#seq - 1, 0.1), expect: maybe(this.#random.below(50), 0.05) },
        ttlMs: maybe(pick(0, 1, 50, 2 ** 53 - 1), 0.05),
      }),
      call: () => ({ id: id(), method: pick('echo', 'fail', 'constructor', '__proto__'), data: this.#data() }),
      history: () => ({
        ...{ id: id(), channel: channel(), limit: this.#random.below(40), epoch: maybe(pick(this.epoch, 'x'), 0.3) },
        ...{ after: maybe(this.#random.below(100)), before: maybe(this.#random.below(100)) },
        ...{ since: maybe(pick(0, Date.UTC(2026), 2 ** 53 - 1), 0.2), until: maybe(pick(0, 2 ** 53 - 1), 0.2) },
      }),
      refresh: () => ({ id: id(), token: pick('ada', 'bob', 'bad') }),
      enter: () => ({
        ...{ id: id(), channel: pick('chat/a', 'doc/a', 'arena/a', 'hall/a', channel()), away: maybe(true, 0.3) },
        data: pick(
          () => this.#documents.awareness(),
          () => this.#data(),
        )(),
      }),
      exit: () => ({ id: id(), channel: pick('chat/a', 'doc/a', 'arena/a', channel()) }),
      input: () => ({
        channel: pick('arena/a', 'arena/a', 'hall/a', channel()),
        data: this.#random.chance(0.9) ? this.inputs.message() : this.#data(),
      }),
      answer: () => ({ id: id(), data: this.#data() }),
      refuse: () => ({ id: id(), code: pick('forbidden', 'no-code', '__proto__'), message: 'no' }),
      ping: () => ({}),
      pong: () => ({}),
    };
  }

  /** A channel and a change of it, which mostly fit each other. */
  #published(): Fields {
    const random = this.#random;
    const often = random.pick(['doc/a', 'doc/a', 'doc/b', 'log', 'log', 'chat/a']);
    const channel = random.chance(0.4) ? often : random.pick(channels);
    if (['log', '@me'].includes(channel) && random.chance(0.4))
      return { channel, kind: 'redact', data: this.#redaction() };
    const isDocument = channel.startsWith('doc/') !== random.chance(0.05);
    const data = isDocument ? this.#documents.message() : this.#data();
    const isMap = ['map', 'deep'].includes(channel) !== random.chance(0.1);
    const kind = random.pick(['put', 'patch', 'delete', 'expire']);
    return {
      ...{ channel, data, key: isMap ? `k${random.below(40)}` : undefined },
      kind: (isMap || channel === 'score') && random.chance(0.5) ? kind : undefined,
    };
  }

  /** The message whose data is to be taken. */
  #redaction(): unknown {
    const random = this.#random;
    const epoch = random.chance(0.8) ? this.epoch : 'another';
    return random.chance(0.9)
      ? { epoch, offset: Math.max(0, this.top - random.below(60)), reason: this.#text() }
      : this.#data();
  }

  #position(): Fields {
    if (this.#random.chance(0.5)) return {};
    const epoch = this.#random.chance(0.7) ? this.epoch : 'another';
    return { epoch, ...(this.#random.chance(0.9) && { offset: this.#random.below(300) }) };
  }

  #text(): unknown {
    return this.#random.chance(0.5) ? undefined : this.#random.pick<unknown>([...texts, 5]);
  }

  #tag(): unknown {
    return viewTag(canonicalView({ rate: 1 }));
  }

  #junk(): unknown {
    const random = this.#random;
    const odd = [random.pick(numbers), random.pick(texts), random.pick(literals), marks.deep, marks.huge];
    return random.pick<unknown>(odd);
  }

  #data(): unknown {
    return this.#random.pick<() => unknown>([
      () => this.#random.below(1000),
      () => ({ speed: this.#random.below(100), lon: this.#random.below(360) - 180, lat: 1, status: 'free' }),
      () => ({ speed: null, a: { b: { c: this.#random.below(5) } } }),
      () => ({ a: { b: null }, tags: ['x', 1] }),
      () => new Uint8Array(this.#random.below(20)),
      () => 'x'.repeat(this.#random.below(600)),
      () => ({ a: marks.deep }),
      () => marks.deep,
      () => this.#junk(),
    ])();
  }

  #view(): unknown {
    const random = this.#random;
    if (random.chance(0.1)) return this.#junk();
    const view: Fields = {};
    if (random.chance(0.4))
      view['keys'] = random.pick<unknown>([
        ['k1', 'k2'],
        [],
        Array.from({ length: 50 }, (_, i) => `k${i}`),
        this.#junk(),
        [this.#junk()],
      ]);
    if (random.chance(0.3)) view['rate'] = random.pick<unknown>([1, 1000, 0.001, 1e-300, this.#junk()]);
    if (random.chance(0.5))
      view['where'] = random.chance(0.1)
        ? this.#junk()
        : Object.fromEntries(Array.from({ length: random.below(5) }, () => [random.pick(paths), this.#condition()]));
    if (random.chance(0.3)) view['area'] = this.#area();
    if (random.chance(0.2)) view['count'] = random.chance(0.9) ? true : this.#junk();
    if (random.chance(0.05)) view[random.pick(texts)] = this.#junk();
    return view;
  }

  #condition(): unknown {
    if (this.#random.chance(0.3)) return this.#junk();
    const operand = (): unknown => (this.#random.chance(0.5) ? this.#random.below(100) : this.#junk());
    const operator = this.#random.pick(operators);
    return { [operator]: operator === 'in' ? [operand(), operand()] : operand() };
  }

  #area(): unknown {
    const random = this.#random;
    return random.pick<unknown>([
      { at: ['lon', 'lat'], box: [random.below(360) - 180, 0, 180, 90] },
      { at: ['lon', 'lat'], circle: [0, 0, random.pick([0, 1e308, 5])], margin: random.pick([0, 10, 0.5]) },
      { at: ['lon', 'lat'], box: [-1e308, -1e308, 1e308, 1e308] },
      this.#junk(),
    ]);
  }
}

const op = { offset: 3, time: 5, payload: '{"a":1}', key: 'k', user: 'u', id: 'i' };
const position = { channel: 'map', epoch: 'e', offset: 3 } as const;

/** One of each frame that a server sends: what a client must bear in any state. The compiler refuses a type that is missing. */
export const serverFrames: { readonly [T in ServerFrame['type']]: Extract<ServerFrame, { type: T }> } = {
  connected: { type: 'connected', node: 'n', user: 'u', heartbeatMs: 1, messageBytes: 1, expiresInMs: 1 },
  subscribed: { type: 'subscribed', id: 1, ...position, top: 3, reset: 'trimmed', mode: 'map' },
  done: { type: 'done', id: 1, expiresInMs: 1, key: 'k' },
  ack: { type: 'ack', id: 1, epoch: 'e', offset: 1, durability: 'disk', duplicate: true },
  message: { type: 'message', ...position, ops: [op, { ...op, payload: Uint8Array.of(1, 2), key: undefined }] },
  changes: {
    ...{ type: 'changes', ...position, after: 1, tag: 't', replace: true, more: true, keep: ['a'] },
    ops: [op, { ...op, kind: 'delete' }, { ...op, kind: 'leave' }, { ...op, delta: '{}' }],
  },
  top: { type: 'top', ...position, tag: 't' },
  reset: { type: 'reset', ...position, reason: 'revoked', tag: 't' },
  reply: { type: 'reply', id: 1, data: { a: [1] } },
  page: { type: 'page', id: 1, ...position, ops: [op], floor: 0, top: 3 },
  goaway: { type: 'goaway', retryAfterMs: 1 },
  error: { type: 'error', id: 1, code: 'internal', message: 'm', retryAfterMs: 1 },
  ping: { type: 'ping' },
  pong: { type: 'pong' },
  ask: { type: 'ask', id: 1, method: 'echo', data: 1 },
  snapshot: { type: 'snapshot', ...position, data: Uint8Array.of(0, 1, 0) },
  exited: { type: 'exited', channel: 'map', code: 'forbidden' },
};
