import { defineChannels, log, map, value } from '@longwave/protocol';
import { describe, expect, it } from 'vitest';
import { Registry } from './registry.js';

const lobby = log();
const rooms = map({ presence: {}, demand: true });
const messages = log({ presence: {} });
const registry = new Registry(
  defineChannels({
    'chat/:room': rooms,
    ':kind/:name': value(),
    'chat/lobby': lobby,
    'chat/:room/:thread': log(),
    'chat/:room/log': messages,
  }),
);

describe('CH-2: the definition of a channel', () => {
  it('is that of its very name, before any pattern', () => {
    expect(registry.resolve('chat/lobby')?.definition).toBe(lobby);
  });

  it('is that of the pattern with the fewest parameters, in whatever order they are declared', () => {
    expect(registry.resolve('chat/kitchen')?.definition).toBe(rooms);
    expect(registry.resolve('chat/a/log')?.definition).toBe(messages);
    expect(registry.resolve('news/today')?.definition.mode).toBe('value');
  });

  it('comes with the values of the parameters', () => {
    expect(registry.resolve('chat/kitchen')?.params).toEqual({ room: 'kitchen' });
    expect(registry.resolve('chat/a/b')?.params).toEqual({ room: 'a', thread: 'b' });
    expect(registry.resolve('chat/lobby')?.params).toEqual({});
    // Not one of the names that objects inherit.
    expect(registry.resolve('chat/kitchen')?.params['constructor']).toBeUndefined();
  });

  it.each(['chat', 'a/b/c/d', 'chat/', '/chat', 'chat//a', '', 'chat/\0', '@other', '@me'])(
    'is none for %j',
    (name) => {
      expect(registry.resolve(name)).toBeUndefined();
    },
  );

  it('is none for what is no text at all', () => {
    expect(registry.resolve(7 as unknown as string)).toBeUndefined();
    expect(registry.resolve(undefined as unknown as string)).toBeUndefined();
  });
});

describe('a channel about another', () => {
  it('PRES-1, DEM-1: is a map that is there where the other one declares it', () => {
    const members = registry.resolve('@presence/chat/kitchen');
    expect(members?.definition.mode).toBe('map');
    expect(members?.about).toEqual({ what: 'presence', channel: 'chat/kitchen' });
    expect(members?.params).toEqual({ room: 'kitchen' });
    expect(registry.resolve('@demand/chat/kitchen')?.about).toEqual({ what: 'demand', channel: 'chat/kitchen' });
    expect(registry.resolve('@demand/chat/a/log')).toBeUndefined();
    expect(registry.resolve('@presence/chat/lobby')).toBeUndefined();
    expect(registry.resolve('@presence/none')).toBeUndefined();
  });

  it('has none about itself', () => {
    expect(registry.resolve('@presence/@presence/chat/kitchen')).toBeUndefined();
    expect(registry.resolve('@demand/@presence/chat/kitchen')).toBeUndefined();
  });
});

describe('an inbox', () => {
  it('is there where it is declared', () => {
    const inbox = log();
    expect(new Registry(defineChannels({ '@me': inbox })).inbox?.definition).toBe(inbox);
    expect(registry.inbox).toBeUndefined();
  });
});

it('remembers what it resolved, and forgets it before that is too much', () => {
  const own = new Registry(defineChannels({ 'chat/:room': log() }));
  const first = own.resolve('chat/0');
  expect(own.resolve('chat/0')).toBe(first);
  for (let i = 1; i <= 4096; i++) own.resolve(`chat/${i}`);
  const again = own.resolve('chat/0');
  expect(again).not.toBe(first);
  expect(again).toEqual(first);
});
