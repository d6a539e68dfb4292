import { type Schema, clientCall, defineClientCalls } from '@longwave/protocol';
import { describe, expect, it } from 'vitest';
import { Harness } from '../testing/harness.js';
import { callChecks } from './call-checks.js';

function schemaOf(type: string, later = false): Schema {
  const validate = (value: unknown) =>
    typeof value === type ? { value } : { issues: [{ message: `is no ${type}`, path: ['x'] }] };
  return {
    '~standard': { version: 1, vendor: 'test', validate: later ? async (value) => validate(value) : validate },
  };
}

async function settle(): Promise<void> {
  for (let i = 0; i < 10; i++) await Promise.resolve();
}

function harness(later = false): Harness {
  const h = new Harness({
    checks: callChecks({
      calls: { double: { input: schemaOf('number', later), output: schemaOf('number', later) } },
      clientCalls: defineClientCalls({ ask: clientCall(schemaOf('string'), schemaOf('boolean')) }),
    }),
  });
  h.accept();
  return h;
}

describe('CALL-10: the client checks calls by their schemas', () => {
  it.each([false, true])('does not send an argument that does not fit, asynchronous: %s', async (later) => {
    const h = harness(later);
    const called = h.client.call('double', 'x');
    await expect(called).rejects.toMatchObject({
      code: 'invalid-data',
      message: 'The input of double does not fit: x: is no number',
    });
    expect(h.link.take()).toEqual([]);
  });

  it.each([false, true])('gives a result that fits, and refuses another, asynchronous: %s', async (later) => {
    const h = harness(later);
    const answers = [42, 'x'];
    const called = answers.map(() => h.client.call('double', 21));
    await settle();
    const frames = h.link.take();
    expect(frames).toMatchObject([{ type: 'call', method: 'double', data: 21 }, { data: 21 }]);
    for (const [i, data] of answers.entries())
      h.link.say({ type: 'reply', id: (frames[i] as { id: number }).id, data });
    expect(await called[0]).toBe(42);
    await expect(called[1]).rejects.toMatchObject({
      code: 'invalid-data',
      message: 'The result of double does not fit: x: is no number',
    });
  });

  it('leaves methods without schemas alone, also those that every object has', async () => {
    const h = harness();
    for (const method of ['other', 'toString']) void h.client.call(method, 'x').catch(() => undefined);
    await settle();
    expect(h.link.take()).toMatchObject([{ method: 'other' }, { method: 'toString' }]);
  });

  it('sends the argument as it was when the call was made', async () => {
    const h = new Harness({ checks: callChecks({ calls: { add: { input: schemaOf('object', true) } } }) });
    h.accept();
    const input = { a: 1 };
    void h.client.call('add', input).catch(() => undefined);
    input.a = 2;
    await settle();
    expect(h.link.take()).toMatchObject([{ data: { a: 1 } }]);
  });

  it('refuses a call of the server whose argument or answer does not fit', async () => {
    const h = harness();
    const handled: unknown[] = [];
    h.client.handle({
      ask: (question) => {
        handled.push(question);
        return question === 'yes?' ? true : 'perhaps';
      },
    });
    for (const [id, data] of [5, 'yes?', 'no?'].entries()) h.link.say({ type: 'ask', id, method: 'ask', data });
    await settle();
    const taken = h.link.take() as readonly { readonly id: number }[];
    expect(taken.toSorted((a, b) => a.id - b.id)).toEqual([
      { type: 'refuse', id: 0, code: 'invalid-data', message: 'The input of ask does not fit: x: is no string' },
      { type: 'answer', id: 1, data: true },
      { type: 'refuse', id: 2, code: 'invalid-data', message: 'The result of ask does not fit: x: is no boolean' },
    ]);
    expect(handled).toEqual(['yes?', 'no?']);
    expect(h.errors).toEqual([]);
  });

  it('refuses checks that are none', () => {
    expect(() => new Harness({ checks: {} as never })).toThrow(
      'checks is object: it must be an object with call and answer',
    );
  });
});
