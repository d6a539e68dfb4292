import { describe, expect, expectTypeOf, it } from 'vitest';
import { z } from 'zod';
import {
  type MessageInput,
  type MessageOutput,
  type NameOf,
  type ResolvedPresence,
  defineChannels,
  log,
  map,
  value,
} from './contract.js';
import { toMilliseconds } from '../values/duration.js';
import { type Params, isChannelName, matchPattern } from './pattern.js';

const message = z.object({ text: z.string(), at: z.string().transform(Number) });
const channels = defineChannels({
  'chat/:room': log({ message, retain: { maxCount: 10, maxBytes: 100, age: '30d' } }),
  news: log(),
});

describe('contract', () => {
  it('resolves retention, with defaults', () => {
    expect(channels['chat/:room'].retain).toEqual({ count: 10, bytes: 100, ageMs: 30 * 86_400_000 });
    expect(channels.news.retain).toEqual({ count: 1000, bytes: 8 * 1024 * 1024, ageMs: 86_400_000 });
  });

  it('refuses what is no bound, no duration and no pattern', () => {
    expect(() => log({ retain: { maxCount: -1 } })).toThrow(RangeError);
    expect(() => log({ retain: { maxBytes: 0.5 } })).toThrow(RangeError);
    expect(() => log({ retain: { age: '3 weeks' as '3m' } })).toThrow(RangeError);
    expect(() => defineChannels({ 'a//b': log() })).toThrow(RangeError);
  });

  it('CH-2: refuses a pattern that could match nothing, since another one has all of its names', () => {
    const both = { 'a/:x/b': log(), 'a/:y/b': log() };
    expect(() => defineChannels(both)).toThrow("'a/:y/b' has the names of 'a/:x/b' already.");
    expect(() => defineChannels({ ':a': log(), ':b': log() })).toThrow(RangeError);
    expect(() =>
      defineChannels({ 'a/:x': log(), 'a/b': log(), 'a/b:x': log(), 'a/b:y': log(), ':a/x': log() }),
    ).not.toThrow();
  });

  it('types names and messages by pattern', () => {
    expectTypeOf<NameOf<typeof channels>>().toEqualTypeOf<`chat/${string}` | 'news'>();
    expectTypeOf<MessageInput<typeof channels, 'chat/lobby'>>().toEqualTypeOf<{ text: string; at: string }>();
    expectTypeOf<MessageOutput<typeof channels, 'chat/lobby'>>().toEqualTypeOf<{ text: string; at: number }>();
    expectTypeOf<MessageOutput<typeof channels, 'news'>>().toEqualTypeOf<unknown>();
    expectTypeOf<Params<'a/:b/c/:d'>>().toMatchTypeOf<{ b: string; d: string }>();
  });
});

describe('presence', () => {
  const member = z.object({ name: z.string() });
  const rooms = defineChannels({
    schema: log({ presence: member }),
    options: map({ presence: { member, grace: '1m' } }),
    untyped: value({ presence: {} }),
    none: log({ message }),
  });

  it('is a schema, or a schema and more', () => {
    expect(rooms.schema.presence).toEqual({ member, graceMs: 10_000 });
    expect(rooms.options.presence).toEqual({ member, graceMs: 60_000 });
    expect(rooms.untyped.presence).toEqual({ member: undefined, graceMs: 10_000 });
    expect(rooms.none.presence).toBeUndefined();
  });

  it('types members by the schema, wherever it stands', () => {
    type Member = ResolvedPresence<typeof member>;
    expectTypeOf(rooms.schema.presence).toEqualTypeOf<Member>();
    expectTypeOf(rooms.options.presence).toEqualTypeOf<Member>();
    expectTypeOf(rooms.untyped.presence).toEqualTypeOf<ResolvedPresence>();
    expectTypeOf(rooms.none.presence).toEqualTypeOf<undefined>();
  });
});

describe('names', () => {
  it('CH-1: segments of letters, digits and a few signs', () => {
    for (const name of ['a', 'chat/lobby', 'quotes/BRK.B', 'x~1/é/日本', 'a=b,c+d!e@f:g_h-i'])
      expect(isChannelName(name)).toBe(true);
    for (const name of [
      '',
      '/',
      'a/',
      '/a',
      'a//b',
      'a b',
      'a?b',
      'a#b',
      'a\nb',
      'a\0',
      '<b>',
      'a%2Fb',
      'x'.repeat(201),
    ]) {
      expect(isChannelName(name)).toBe(false);
    }
  });

  it('CH-2: a parameter stands for one segment', () => {
    expect(matchPattern('chat/:room', 'chat/lobby')).toEqual({ room: 'lobby' });
    expect(matchPattern('chat/:room', 'chat/a/b')).toBeUndefined();
    expect(matchPattern('chat/:room', 'talk/a')).toBeUndefined();
    expect(matchPattern('a/:__proto__', 'a/x')).toEqual(
      Object.assign(Object.create(null) as object, { ['__proto__']: 'x' }),
    );
  });
});

describe('durations', () => {
  it('are milliseconds or a number with a unit', () => {
    expect(['500ms', '1.5s', '2m', '1h', '3d', 40].map((value) => toMilliseconds(value as '1s'))).toEqual([
      500, 1500, 120_000, 3_600_000, 259_200_000, 40,
    ]);
  });
});
