import { EventEmitter } from 'node:events';
import type { Redis } from 'ioredis';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { Link, type LinkOptions } from './link.js';
import { UnavailableError } from './request.js';

interface Sent {
  readonly args: readonly unknown[];
  answer(reply: unknown): void;
  refuse(error: Error): void;
}

/** A connection that the test holds the other end of. */
class FakeClient extends EventEmitter {
  readonly sent: Sent[] = [];
  isDropped = false;

  callBuffer(...args: unknown[]): Promise<unknown> {
    return new Promise((answer, refuse) => this.sent.push({ args, answer, refuse }));
  }

  disconnect(): void {
    this.isDropped = true;
  }

  breakOff(): void {
    this.emit('end');
  }
}

let clients: FakeClient[];
let link: Link;
const downs: Error[] = [];

function open(options: Partial<LinkOptions> = {}): void {
  link = new Link({
    name: 'it',
    open: () => {
      const client = new FakeClient();
      clients.push(client);
      return client as unknown as Redis;
    },
    prepare: () => Promise.resolve(),
    ...{ maxInFlight: 2, timeoutMs: 100, maxWaitMs: 300, maxWaiting: 5, maxBytes: 1000 },
    onUp: () => undefined,
    onDown: (error) => downs.push(error),
    ...options,
  });
}

const ask = (name: string, bytes = 0) => link.request(name, () => [], bytes);
/** The connection that is tried, or the next one, stands. */
const come = async () => {
  while (clients.at(-1)!.isDropped) await vi.advanceTimersByTimeAsync(5);
  clients.at(-1)!.emit('ready');
  await vi.advanceTimersByTimeAsync(0);
};
/** What a promise is rejected with; taken hold of at once. */
const failureOf = (promise: Promise<unknown>): Promise<unknown> =>
  promise.then(
    () => undefined,
    (error: unknown) => error,
  );
const names = (client = clients.at(-1)!) => client.sent.map(({ args }) => args[0]);

beforeEach(() => {
  vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout', 'setImmediate', 'clearImmediate', 'performance'] });
  clients = [];
  downs.length = 0;
});
afterEach(() => {
  link.close();
  vi.useRealTimers();
});

describe('a link', () => {
  it('sends what was asked before it stood, in order, and only so much at a time', async () => {
    open();
    const answers = ['a', 'b', 'c', 'd'].map((name) => ask(name));
    await come();
    expect(names()).toEqual(['a', 'b']);
    clients[0]!.sent[0]!.answer('A');
    expect(await answers[0]).toMatchObject({ reply: 'A' });
    expect(names()).toEqual(['a', 'b', 'c']);
    clients[0]!.sent[1]!.refuse(new Error('no'));
    await expect(answers[1]).rejects.toThrow('no');
    expect(names()).toEqual(['a', 'b', 'c', 'd']);
    for (const { answer } of clients[0]!.sent) answer('later');
    expect((await Promise.all(answers.slice(2))).map(({ reply }) => reply)).toEqual(['later', 'later']);
  });

  it('rejects what was under way when the connection breaks, and sends it never again; what waited goes on', async () => {
    open();
    await come();
    const [a, b, c] = ['a', 'b', 'c'].map((name) => ask(name));
    clients[0]!.breakOff();
    await expect(a).rejects.toThrow(/may have been done or not/);
    await expect(b).rejects.toBeInstanceOf(UnavailableError);
    await come();
    expect(clients).toHaveLength(2);
    expect(names()).toEqual(['c']);
    clients[1]!.sent[0]!.answer('C');
    const { reply, connection } = await c!;
    expect([reply, connection]).toEqual(['C', link.connection]);
    expect(downs).toHaveLength(1);
  });

  it('hears nothing of a connection that it left', async () => {
    open();
    await come();
    const late = failureOf(ask('a'));
    await vi.advanceTimersByTimeAsync(110);
    expect(String(await late)).toMatch(/no answer within 100 ms/);
    expect(clients[0]!.isDropped).toBe(true);
    clients[0]!.sent[0]!.answer('A');
    clients[0]!.breakOff();
    await come();
    expect(link.isUp).toBe(true);
    expect(downs).toHaveLength(1);
  });

  it('rejects what waited too long, in time, whether it stands or not', async () => {
    open();
    const lost = failureOf(ask('a'));
    await vi.advanceTimersByTimeAsync(105);
    expect(String(await lost)).toMatch(/not sent within 100 ms/);
    await come();
    const answers = ['a', 'b', 'c'].map((name) => ask(name));
    for (let i = 0; i < 2; i++) {
      await vi.advanceTimersByTimeAsync(90);
      for (const { answer } of clients.at(-1)!.sent.slice(-2)) answer('x');
      await vi.advanceTimersByTimeAsync(0);
    }
    expect(await Promise.all(answers)).toHaveLength(3);
  });

  it('refuses what is too much, in number or in bytes', async () => {
    open();
    const waiting = Array.from({ length: 5 }, (_, i) => ask(`${i}`).catch(() => undefined));
    await expect(ask('one more')).rejects.toThrow(/5 requests wait/);
    await come();
    for (const { answer } of clients[0]!.sent) answer('x');
    await vi.advanceTimersByTimeAsync(0);
    const large = ask('large', 1000);
    await expect(ask('one more')).rejects.toThrow(/1000 bytes are under way/);
    while (clients[0]!.sent.length < 6) {
      for (const { answer } of clients[0]!.sent) answer('x');
      await vi.advanceTimersByTimeAsync(0);
    }
    for (const { answer } of clients[0]!.sent) answer('x');
    await large;
    const next = ask('one more', 1000);
    clients[0]!.sent.at(-1)!.answer('x');
    expect(await next).toMatchObject({ reply: 'x' });
    await Promise.all(waiting);
  });

  it('says at once what is wrong with a server that cannot be used, and tries on', async () => {
    let isFit = false;
    const unfit = new UnavailableError('set it up', { misconfigured: true });
    open({ prepare: () => (isFit ? Promise.resolve() : Promise.reject(unfit)) });
    const waiting = failureOf(ask('a'));
    await come();
    expect(await waiting).toBe(unfit);
    await expect(ask('b')).rejects.toBe(unfit);
    isFit = true;
    await come();
    const answer = ask('c');
    clients.at(-1)!.sent[0]!.answer('C');
    expect(await answer).toMatchObject({ reply: 'C' });
  });

  it('leaves a server that forgot its scripts, or is no master any more', async () => {
    open();
    for (const reason of ['NOSCRIPT No matching script.', 'READONLY You can’t write']) {
      await come();
      const refused = failureOf(ask('a'));
      const client = clients.at(-1)!;
      client.sent[0]!.refuse(new Error(reason));
      expect(await refused).toMatchObject({ message: reason });
      expect(client.isDropped).toBe(true);
    }
  });

  it('does not wait for a server that accepts connections and says nothing', async () => {
    open();
    await vi.advanceTimersByTimeAsync(1000);
    expect(clients.length).toBeGreaterThan(2);
    expect(clients.slice(0, -1).every(({ isDropped }) => isDropped)).toBe(true);
  });

  it('ends once, with everything', async () => {
    open({ maxInFlight: 1 });
    await come();
    const both = ['a', 'b'].map((name) => failureOf(ask(name)));
    link.close();
    link.close();
    for (const failure of await Promise.all(both)) expect(String(failure)).toMatch(/closed/);
    await expect(ask('c')).rejects.toThrow(/closed/);
    await vi.advanceTimersByTimeAsync(5000);
    expect(clients).toHaveLength(1);
    expect(clients[0]!.isDropped).toBe(true);
  });
});
