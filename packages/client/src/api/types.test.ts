import {
  type Message,
  type MessageMeta,
  type Schema,
  call,
  defineCalls,
  defineChannels,
  log,
} from '@longwave/protocol';
import { describe, expect, expectTypeOf, it } from 'vitest';
import type { Subscription } from './api.js';
import type { Channel, Client } from './client-api.js';
import type { MapChannel, Presence, ValueChannel } from './state-api.js';
import { connect } from '../connect.js';
import { FakeTransport } from '../testing/fake-transport.js';
import { VirtualClock } from '../testing/virtual-clock.js';

/** A schema that turns `Input` into `Output`. */
function schema<Input, Output>(read: (value: unknown) => Output): Schema<Input, Output> {
  return { '~standard': { version: 1, vendor: 'test', validate: (value) => ({ value: read(value) }) } };
}

const chatMessage = schema<{ text: string; at?: string }, { text: string; at: Date }>(() => ({
  text: '',
  at: new Date(0),
}));
const channels = defineChannels({ 'chat/:room': log({ message: chatMessage }), '@me': log(), news: log() });
const calls = defineCalls({
  add: call(
    schema<{ a: number; b: number }, { a: number; b: number }>(() => ({ a: 1, b: 2 })),
    ({ a, b }) => a + b,
  ),
  ping: call(
    schema<undefined, undefined>(() => undefined),
    async () => 'pong' as const,
  ),
});

function client(): Client<typeof channels, typeof calls> {
  return connect<typeof channels, typeof calls>('http://server.test', {
    transport: new FakeTransport(),
    clock: new VirtualClock(),
  });
}

describe('types', () => {
  it('takes names, payloads and calls from the contract', () => {
    const c = client();
    expectTypeOf(c.channel).parameter(0).toEqualTypeOf<`chat/${string}` | '@me' | 'news'>();
    const room = c.channel('chat/lobby');
    type In = { text: string; at?: string };
    // A `Date` arrives as the text that JSON makes of it.
    type Out = { text: string; at: string };
    expectTypeOf(room).toEqualTypeOf<Channel<In, Out>>();
    expectTypeOf(room.publish).parameter(0).toEqualTypeOf<In>();
    const subscription = room.subscribe({ from: { last: 5 } }, (data, meta) => {
      expectTypeOf(data).toEqualTypeOf<Out>();
      expectTypeOf(meta).toEqualTypeOf<MessageMeta>();
    });
    expectTypeOf(subscription).toEqualTypeOf<Subscription<Out>>();
    expectTypeOf(room[Symbol.asyncIterator]).returns.toEqualTypeOf<AsyncIterableIterator<Message<Out>>>();
    expectTypeOf(c.channel('news').publish).parameter(0).toEqualTypeOf<unknown>();
    const typeOnly = (): void => {
      expectTypeOf(c.call('add', { a: 1, b: 2 })).toEqualTypeOf<Promise<number>>();
      expectTypeOf(c.call('ping')).toEqualTypeOf<Promise<'pong'>>();
      // @ts-expect-error: the payload is wrong
      void room.publish({ words: 'hi' });
      // @ts-expect-error: no such channel
      c.channel('chatter/lobby');
      // @ts-expect-error: no such call
      void c.call('subtract', {});
      // @ts-expect-error: the input is missing
      void c.call('add');
      // @ts-expect-error: the input is wrong
      void c.call('add', { a: '1', b: 2 });
    };
    expect(typeOnly).toBeTypeOf('function');
    c.close();
  });

  it('without a contract any name goes, with unknown data', () => {
    const c = connect('http://server.test', { transport: new FakeTransport(), clock: new VirtualClock() });
    expectTypeOf(c.channel).parameter(0).toEqualTypeOf<string>();
    type Any = Channel<unknown, unknown> & MapChannel<unknown, unknown> & ValueChannel<unknown, unknown>;
    expectTypeOf(c.channel('anything/at/all')).toExtend<Any>();
    expectTypeOf(c.channel('anything/at/all').presence).toEqualTypeOf<Presence<unknown, unknown>>();
    c.channel('a').subscribe((data) => {
      expectTypeOf(data).toEqualTypeOf<unknown>();
    });
    const typeOnly = (): void => {
      expectTypeOf(c.call('any', 1)).toEqualTypeOf<Promise<unknown>>();
    };
    expect(typeOnly).toBeTypeOf('function');
    c.close();
  });
});
