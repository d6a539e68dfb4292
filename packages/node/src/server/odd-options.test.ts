import process from 'node:process';
import type { Hooks } from '@longwave/core';
import { type Channels, defineChannels, log, map, value } from '@longwave/protocol';
import { oddValues } from '@longwave/testkit';
import { describe, expect, it } from 'vitest';
import { createServer } from './create-server.js';
import { limitOptionRules } from './limit-options.js';
import type { ServerOptions } from './server-options.js';
import { memory } from '../host/memory.js';

const channels = defineChannels({
  room: log({ presence: {} }),
  fleet: map({ demand: true }),
  score: value(),
  '@me': log(),
});
const logger = { error: () => undefined, info: () => undefined };
const create = (options: Partial<Record<keyof ServerOptions<Channels>, unknown>>) =>
  createServer({ channels, logger, ...options } as ServerOptions<typeof channels>);

/** Names of odd values that are right for an option. */
const wholeNumbers = ['above 31 bits'];
const functions = ['a function'];
const flags = ['true', 'false'];
const fits: Readonly<Record<string, readonly string[]>> = {
  channels: ['an empty object'],
  calls: ['an empty object'],
  store: [],
  authenticate: functions,
  authorize: functions,
  on: ['an empty array', 'an empty object'],
  documents: [],
  modes: ['an empty object', 'an object that contains itself'],
  limits: ['an empty object'],
  heartbeat: ['a duration as text'],
  maxConnections: [...wholeNumbers, 'Infinity'],
  publicHistory: flags,
  compress: flags,
  http: ['an empty object'],
  logger: [],
  logLevel: [],
  label: ['a text', 'a number as text', 'a duration as text', 'half of a surrogate pair', 'a long text'],
};

const hooks: (keyof Hooks)[] = ['connect', 'subscribe', 'publish', 'call', 'enter', 'expiring', 'disconnect'];
const http = {
  metrics: [],
  bodyBytes: wholeNumbers,
  bodyTimeout: ['a duration as text'],
  probeTimeout: ['a duration as text'],
  logger: [],
};
const rates = ['1.5', 'Infinity', 'true number', ...wholeNumbers, 'beyond whole numbers'];

/** Each option with each value: which of them it takes. */
function taken(name: string, options: (odd: unknown) => unknown): string[] {
  return oddValues()
    .filter(({ value: odd }) => odd !== undefined)
    .filter(({ value: odd }) => {
      try {
        options(odd);
        return true;
      } catch (error) {
        expect(error).toBeInstanceOf(Error);
        expect((error as Error).message).toContain(name);
        return false;
      }
    })
    .map((odd) => odd.name);
}

describe('options of createServer', () => {
  it.each(Object.entries(fits))('%s takes what it can be, and refuses all else by its name', (name, right) => {
    expect(taken(name, (odd) => create({ [name]: odd })).toSorted()).toEqual(right.toSorted());
  });

  it.each(hooks)('on.%s takes a function', (name) => {
    expect(taken(name, (odd) => create({ on: { [name]: odd } }))).toEqual(functions);
    expect(taken(name, (odd) => create({ on: [{}, { [name]: odd }] }))).toEqual(functions);
  });

  it.each(Object.entries(http))('http.%s takes what it can be', (name, right) => {
    expect(taken(name, (odd) => create({ http: { [name]: odd } }))).toEqual(right);
  });

  it.each(Object.keys(limitOptionRules))('limits.%s takes what it can be', (name) => {
    const isRate = /Per(Second|Hour)$/.test(name);
    const right = isRate
      ? rates
      : name.endsWith('Timeout')
        ? ['a duration as text']
        : [...wholeNumbers, ...(name === 'tailBytes' ? ['0', '-0'] : [])];
    const given = taken(name, (odd) => create({ limits: { [name]: odd } }));
    expect(given.filter((odd) => !right.includes(odd))).toEqual([]);
  });

  it('a misspelt name is refused, and the right one is named', () => {
    expect(() => create({ limits: { messageBytez: 1 } })).toThrow("no option 'messageBytez'. Is it 'messageBytes'?");
    expect(() => create({ autorize: () => false } as never)).toThrow("no option 'autorize'");
    expect(() => create({ on: { conect: () => undefined } })).toThrow("no option 'conect'");
    expect(() => create({ http: { apiKey: ['x'] } })).toThrow("no option 'apiKey'");
    expect(() => createServer(undefined as never)).toThrow('the options are undefined');
    expect(() => createServer({} as never)).toThrow('channels is undefined');
  });

  it('a key of the API stands in no message', () => {
    expect(() => create({ http: { apiKeys: 'the-secret' } })).toThrow(/apiKeys is a text/);
  });

  it.each(['maxProducers', 'maxLogs', 'maxBytes'])('memory: %s takes a whole number above 0', (name) => {
    expect(taken(name, (odd) => memory({ [name]: odd } as never))).toEqual(wholeNumbers);
  });
});

describe('what the server is called with', () => {
  const options = ['id', 'user', 'retry', 'bogus'];
  const changes = [...options, 'expect', 'ttl', 'at'];
  const odd = (name: string) => oddValues().filter(({ value: each }) => each !== undefined && !isRight(name, each));

  /** Whether it is what the option takes. */
  function isRight(name: string, each: unknown): boolean {
    if (name === 'retry') return typeof each === 'boolean';
    if (name === 'id' || name === 'user') {
      return typeof each === 'string' && each !== '' && each.length < 129 && each !== '\ud800';
    }
    if (name === 'bogus') return false;
    if (name === 'ttl') return each === '10s' || (Number.isSafeInteger(each) && (each as number) >= 1);
    return Number.isSafeInteger(each) && (each as number) >= 0;
  }

  async function refusals(name: string, call: (each: unknown) => Promise<unknown>): Promise<number> {
    for (const { name: title, value: each } of odd(name)) {
      await expect(call(each), `${name}: ${title}`).rejects.toThrow(name);
    }
    return odd(name).length;
  }

  it.each(options)('publish refuses what %s cannot be', async (name) => {
    const server = create({});
    await refusals(name, (each) => server.channel('room').publish(1, { [name]: each }));
    await refusals(name, (each) => server.user('ada').publish(1, { [name]: each }));
    expect((await server.channel('room').history()).top).toBe(0);
    await server.close();
  });

  it.each(changes)('put, patch, delete and set refuse what %s cannot be', async (name) => {
    const server = create({});
    const fleet = server.channel('fleet');
    await refusals(name, (each) => fleet.put('a', 1, { [name]: each }));
    await refusals(name, (each) => fleet.patch('a', {}, { [name]: each }));
    await refusals(name, (each) => fleet.delete('a', { [name]: each }));
    await refusals(name, (each) => fleet.putAll([['a', 1]], { [name]: each }));
    await refusals(name, (each) => server.channel('score').set(1, { [name]: each }));
    expect(await fleet.entries()).toEqual([]);
    await server.close();
  });

  it.each(
    oddValues().filter(
      ({ value: each }) => typeof each !== 'string' || each === '' || each === '\ud800' || each.length > 256,
    ),
  )('$name is no key', async ({ value: each }) => {
    const server = create({});
    const fleet = server.channel('fleet');
    await expect(fleet.put(each as string, 1)).rejects.toThrow(/key/);
    await expect(fleet.patch(each as string, {})).rejects.toThrow(/key/);
    await expect(fleet.delete(each as string)).rejects.toThrow(/key/);
    await expect(fleet.putAll([[each as string, 1]])).rejects.toThrow(/key/);
    expect(await fleet.entries()).toEqual([]);
    await server.close();
  });

  it.each(['before', 'after', 'limit', 'epoch', 'bogus'])('history refuses what %s cannot be', async (name) => {
    const server = create({});
    expect(await refusals(name, (each) => server.channel('room').history({ [name]: each }))).toBeGreaterThan(20);
    await server.close();
  });

  it.each(
    oddValues().filter(
      ({ value: each }) => typeof each !== 'string' || each === '' || each === '\ud800' || each.length > 8192,
    ),
  )('$name is no user', async ({ value: each }) => {
    const server = create({});
    const user = server.user(each as string);
    await expect(user.publish(1)).rejects.toThrow(/user/);
    await expect(user.disconnect()).rejects.toThrow(/user/);
    await expect(user.recheck()).rejects.toThrow(/user/);
    await server.close();
  });

  it.each(oddValues().filter(({ name }) => name !== 'a text' && !name.includes('as text')))(
    '$name is no channel',
    async ({ value: each }) => {
      const server = create({});
      const channel = server.channel(each as 'room');
      await expect(channel.publish(1)).rejects.toMatchObject({ code: 'unknown-channel' });
      await expect(channel.history()).rejects.toMatchObject({ code: 'unknown-channel' });
      const fleet = server.channel(each as 'fleet');
      await expect(fleet.entry('a')).rejects.toMatchObject({ code: 'unknown-channel' });
      await expect(fleet.entries()).rejects.toMatchObject({ code: 'unknown-channel' });
      await expect(fleet.members()).rejects.toMatchObject({ code: 'unknown-channel' });
      await expect(fleet.put('a', 1)).rejects.toMatchObject({ code: 'unknown-channel' });
      await expect(fleet.putAll([])).rejects.toMatchObject({ code: 'unknown-channel' });
      expect(() => fleet.own(() => ({}))).toThrow(/channel/);
      expect(() => server.own(each as 'fleet', () => ({}))).toThrow(/channel/);
      await server.close();
    },
  );

  it.each(oddValues().filter(({ value: each }) => each !== undefined && typeof each !== 'function'))(
    '$name is no listener, no loader, no handler and no options',
    async ({ name, value: each }) => {
      const server = create({});
      expect(() => server.channel('fleet').demand(each as never)).toThrow(/handler/);
      expect(() => server.own('fleet', each as never)).toThrow(/load/);
      expect(() => server.websocket('/x', each as never)).toThrow(/handler/);
      if (name !== 'an empty object') {
        await expect(server.listen(each as never)).rejects.toThrow(TypeError);
        await expect(server.channel('room').publish(1, each as never)).rejects.toThrow(TypeError);
      }
      await server.close();
    },
  );

  it.each(oddValues())('attach: $name is no server', async ({ value: each }) => {
    const server = create({});
    expect(() => server.attach(each as never)).toThrow(/attach: server is .*; it must be an HTTP server/);
    await server.close();
  });

  it('disconnect refuses what message cannot be, and entry what key cannot be', async () => {
    const server = create({});
    for (const { name, value: each } of oddValues()) {
      const isText = typeof each === 'string' && each !== '\ud800';
      if (each !== undefined && !(isText && each !== '' && each.length <= 1000)) {
        await expect(server.user('ada').disconnect({ message: each as never }), name).rejects.toThrow('message');
      }
      const entry = server.channel('fleet').entry(each as never);
      if (each === undefined || isText) expect(await entry, name).toBeUndefined();
      else await expect(entry, name).rejects.toThrow('key');
    }
    await server.close();
  });

  it('putAll refuses what is no list of pairs, and stores nothing for a text that looks like one', async () => {
    const server = create({});
    const fleet = server.channel('fleet');
    for (const { name, value: each } of oddValues()) {
      if (name !== 'an empty array' && name !== 'a map') {
        await expect(fleet.putAll(each as never), name).rejects.toThrow('entries');
      }
      if (name !== 'an array') await expect(fleet.putAll([each] as never), name).rejects.toThrow('entries');
    }
    expect(await fleet.entries()).toEqual([]);
    await server.close();
  });

  it('putAll that is refused half-way leaves no rejection that nobody hears', async () => {
    const store = Object.assign(memory(), { append: () => Promise.reject(new Error('down')) });
    const server = create({ store });
    const unheard: unknown[] = [];
    const hear = (reason: unknown): void => void unheard.push(reason);
    process.on('unhandledRejection', hear);
    await expect(server.channel('fleet').putAll([['a', 1], 'no' as never])).rejects.toThrow('entries has');
    await new Promise((turn) => setImmediate(turn));
    process.off('unhandledRejection', hear);
    expect(unheard).toEqual([]);
    await server.close();
  });

  const answers: Readonly<Record<string, readonly [answer: (odd: unknown) => unknown, right: readonly string[]]>> = {
    'an answer': [(odd) => odd, ['an empty object']],
    entries: [(entries) => ({ entries }), ['undefined', 'an empty array', 'a map']],
    'a pair': [(pair) => ({ entries: [pair] }), ['an array']],
    'a key': [(key) => ({ entries: [[key, 1]] }), ['a text', 'a number as text', 'a duration as text']],
    at: [(at) => ({ entries: [], at }), ['undefined', '0', '-0', 'above 31 bits']],
  };
  it.each(Object.entries(answers))('STATE-6: %s of load that is not understood is no empty state', async (_, row) => {
    const [answer, right] = row;
    const taken: string[] = [];
    for (const { name, value: each } of oddValues()) {
      for (const load of [() => answer(each), async () => answer(each)]) {
        const told: string[] = [];
        const error = (message: string, cause: unknown) => void told.push(`${message} ${String(cause)}`);
        const server = create({ logger: { ...logger, error } });
        server.own('fleet', load as never);
        const entries: unknown = await server
          .channel('fleet')
          .entries()
          .catch((failure: unknown) => failure);
        if (Array.isArray(entries)) taken.push(name);
        else {
          expect(entries, name).toMatchObject({ code: 'unavailable' });
          expect(told.join('\n'), name).toContain('the answer of load');
        }
        await server.close();
      }
    }
    expect(taken).toEqual(oddValues().flatMap(({ name }) => (right.includes(name) ? [name, name] : [])));
  });

  it('own takes the names and patterns of the contract that keep state', async () => {
    const server = create({});
    expect(() => server.own('flet' as never, () => ({}))).toThrow(expect.objectContaining({ code: 'unknown-channel' }));
    expect(() => server.own('room', () => ({}))).toThrow(expect.objectContaining({ code: 'wrong-mode' }));
    server.own('score', () => ({ value: 7 }));
    expect((await server.channel('score').entry())?.value).toBe(7);
    await server.close();
  });

  it.each(['port', 'host'])('listen refuses what %s cannot be', async (name) => {
    const server = create({});
    for (const { value: each } of oddValues()) {
      const isHost = name === 'host' && typeof each === 'string' && each !== '';
      if (each === undefined || each === 0 || isHost) continue;
      await expect(server.listen({ [name]: each } as never)).rejects.toThrow(name);
    }
    await server.close();
  });

  it('close refuses what drain cannot be', async () => {
    const server = create({});
    for (const { name, value: each } of oddValues()) {
      if (each === undefined || each === 0 || each === '10s') continue;
      await expect(server.close({ drain: each } as never), name).rejects.toThrow('drain');
    }
    await server.close();
  });
});
