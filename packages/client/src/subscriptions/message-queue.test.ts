import { LongwaveError, type Message } from '@longwave/protocol';
import { describe, expect, it } from 'vitest';
import { MessageQueue } from './message-queue.js';

function setUp() {
  const told: string[] = [];
  const queue = new MessageQueue({
    onTake: ({ data }) => told.push(`take ${String(data)}`),
    onDrain: () => told.push('drain'),
    onReturn: () => told.push('return'),
  });
  const push = (data: string) => queue.push({ data } as Message<unknown>);
  const next = async () => {
    const { value, done } = await queue.next();
    return done ? 'done' : value.data;
  };
  return { queue, push, next, told };
}

describe('an iteration', () => {
  it('gives messages in their order, whether they or those who ask come first', async () => {
    const { push, next, queue } = setUp();
    push('a');
    push('b');
    expect([await next(), await next()]).toEqual(['a', 'b']);
    const waiting = [next(), next()];
    push('c');
    push('d');
    push('e');
    expect([...(await Promise.all(waiting)), queue.size]).toEqual(['c', 'd', 1]);
  });

  it('says when a message is taken and when none is left, which is not so for one that never waited', async () => {
    const { push, next, told } = setUp();
    push('a');
    push('b');
    expect(told).toEqual([]);
    await next();
    await next();
    expect(told).toEqual(['take a', 'take b', 'drain']);
    const waiting = next();
    push('c');
    await waiting;
    expect(told.slice(3)).toEqual(['take c']);
  });

  it('gives what is there before it ends', async () => {
    const { push, next, queue } = setUp();
    push('a');
    queue.end(undefined);
    expect([await next(), await next(), await next()]).toEqual(['a', 'done', 'done']);
  });

  it('throws the error of its end once, and to one who waits', async () => {
    const { next, queue } = setUp();
    const waiting = [next(), next()];
    queue.end(new LongwaveError('forbidden'));
    await expect(waiting[0]).rejects.toMatchObject({ code: 'forbidden' });
    expect([await waiting[1], await next()]).toEqual(['done', 'done']);
  });

  it('forgets what waits when it is cleared, and goes on after that', async () => {
    const { push, next, queue } = setUp();
    push('a');
    push('b');
    await next();
    queue.clear();
    expect(queue.size).toBe(0);
    push('c');
    expect(await next()).toBe('c');
  });

  it('tells its owner when the loop is left', async () => {
    const { push, queue, told } = setUp();
    push('a');
    push('b');
    for await (const { data } of queue) if (data === 'a') break;
    expect(told).toEqual(['take a', 'return']);
  });
});
