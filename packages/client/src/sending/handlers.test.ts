import { LongwaveError } from '@longwave/protocol';
import { describe, expect, it } from 'vitest';
import { Harness } from '../testing/harness.js';

async function ask(h: Harness, id: number, data: unknown = 1): Promise<void> {
  h.link.say({ type: 'ask', id, method: 'double', data });
  for (let i = 0; i < 5; i++) await Promise.resolve();
}

describe('CALL-3: the client answers calls of the server', () => {
  it('with what its handler returns or resolves with', async () => {
    const h = new Harness();
    h.accept();
    h.client.handle({ double: (n) => Number(n) * 2 });
    await ask(h, 7, 21);
    expect(h.link.take()).toEqual([{ type: 'answer', id: 7, data: 42 }]);
    h.client.handle({ double: async (n) => Number(n) * 3 });
    await ask(h, 8, 21);
    expect(h.link.take()).toEqual([{ type: 'answer', id: 8, data: 63 }]);
  });

  it('CALL-4: once for each id', async () => {
    const h = new Harness();
    h.accept();
    const asked: unknown[] = [];
    h.client.handle({ double: (n) => asked.push(n) });
    await ask(h, 7);
    await ask(h, 7);
    expect([asked, h.link.take().length]).toEqual([[1], 1]);
  });

  it('CALL-6: with unknown-method where there is no handler, or none any more', async () => {
    const h = new Harness();
    h.accept();
    const [older, newer] = [h.client.handle({ double: () => 1 }), h.client.handle({ double: () => 2 })];
    older();
    await ask(h, 1);
    expect(h.link.take()).toMatchObject([{ type: 'answer', data: 2 }]);
    newer();
    await ask(h, 2);
    expect(h.link.take()).toMatchObject([{ type: 'refuse', id: 2, code: 'unknown-method' }]);
  });

  it('CALL-6: with the code of a LongwaveError, and internal for any other, which is reported', async () => {
    const h = new Harness();
    h.accept();
    const long = `${'x'.repeat(999)}😀`;
    h.client.handle({ double: () => Promise.reject(new LongwaveError('conflict', long)) });
    await ask(h, 1);
    expect(h.link.take()).toEqual([{ type: 'refuse', id: 1, code: 'conflict', message: 'x'.repeat(999) }]);
    const error = new Error('secret');
    h.client.handle({
      double: () => {
        throw error;
      },
    });
    await ask(h, 2);
    expect(h.link.take()).toEqual([{ type: 'refuse', id: 2, code: 'internal', message: 'internal' }]);
    expect(h.errors).toEqual([error]);
  });

  it('refuses an answer that is no JSON, and one that is too large', async () => {
    const h = new Harness();
    h.accept({ messageBytes: 1000 });
    h.client.handle({ double: (n) => (n === 1 ? 5n : 'x'.repeat(1000)) });
    await ask(h, 1);
    expect(h.link.take()).toMatchObject([{ type: 'refuse', code: 'internal' }]);
    expect(h.errors).toMatchObject([{ name: 'TypeError' }]);
    await ask(h, 2, 2);
    expect(h.link.take()).toMatchObject([{ type: 'refuse', code: 'too-large' }]);
  });

  it('CALL-9: an answer fills a message, and one unit more is refused', async () => {
    const h = new Harness();
    h.accept({ messageBytes: 1000 });
    const most = 1000 - JSON.stringify({ type: 'answer', id: 1, data: '' }).length;
    h.client.handle({ double: (more) => 'x'.repeat(most + Number(more)) });
    await ask(h, 1, 0);
    expect(h.link.take()).toMatchObject([{ type: 'answer', id: 1 }]);
    await ask(h, 2, 1);
    expect(h.link.take()).toMatchObject([{ type: 'refuse', id: 2, code: 'too-large' }]);
  });

  it('says nothing where the connection is gone meanwhile', async () => {
    const h = new Harness();
    h.accept();
    let finish = (): void => undefined;
    h.client.handle({ double: () => new Promise<void>((resolve) => (finish = resolve)) });
    await ask(h, 1);
    h.link.drop();
    finish();
    for (let i = 0; i < 5; i++) await Promise.resolve();
    expect(h.link.take()).toEqual([]);
  });

  it('CLI-10: takes functions', () => {
    const { client } = new Harness();
    expect(() => client.handle({ double: 5 as never })).toThrow('double is 5: it must be a function.');
    expect(() => client.handle(null as never)).toThrow(TypeError);
  });
});
