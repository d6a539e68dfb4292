import { LongwaveError } from 'longwave';
import { createTestWorld } from 'longwave/testing';
import { describe, expect, it, onTestFinished } from 'vitest';
import { answerTo } from '../../shared/assistant/answers.js';
import { channels } from '../../shared/channels.js';
import { createAssistant } from './assistant.js';
import { type Model, scriptedModel } from './model.js';

/** A promise that the test resolves. */
function gate<T>(): { readonly promise: Promise<T>; readonly resolve: (value: T) => void } {
  let resolve: (value: T) => void = () => undefined;
  const promise = new Promise<T>((settle) => (resolve = settle));
  return { promise, resolve };
}

/** A model that goes on when the test says so. */
function steppedModel(words: readonly string[]): { readonly model: Model; readonly step: () => void } {
  const gates = words.map(() => gate<void>());
  let next = 0;
  return {
    step: () => gates[next++]?.resolve(),
    model: async function* (_, signal) {
      for (const [index, word] of words.entries()) {
        const aborted = new Promise<never>((_resolve, reject) => {
          signal.addEventListener('abort', () => reject(new Error('aborted')), { once: true });
        });
        await Promise.race([gates[index]!.promise, aborted]);
        yield word;
      }
    },
  };
}

function open(model: Model) {
  const talks = {
    'assistant/:talk': channels['assistant/:talk'],
    'assistant-parts/:talk': channels['assistant-parts/:talk'],
  };
  const assistant = createAssistant({ server: () => world.server as never, model });
  const world = createTestWorld({ channels: talks, calls: assistant.calls });
  onTestFinished(() => assistant.close());
  return world;
}

describe('the assistant', () => {
  it('says an answer in parts, then as a whole, to everybody who reads the talk', async () => {
    const { model, step } = steppedModel(['One, ', 'two.']);
    const world = open(model);
    const [asking, other] = [world.connect(), world.connect()];
    const parts: string[] = [];
    other.channel('assistant-parts/abcd').subscribe({ from: 'start' }, ({ text }) => parts.push(text));
    const turns: object[] = [];
    const whole = gate<void>();
    other.channel('assistant/abcd').subscribe({ from: 'start' }, (turn) => {
      turns.push(turn);
      if (turn.role === 'assistant') whole.resolve();
    });
    await asking.call('assistant/ask', { talk: 'abcd', text: 'Count!' });
    asking.close();
    step();
    step();
    await whole.promise;
    expect(parts[0]).toBe('One, ');
    expect(turns).toEqual([
      { role: 'user', text: 'Count!' },
      { role: 'assistant', text: 'One, two.', end: 'done' },
    ]);
  });

  it('is stopped by anybody who reads the talk, and keeps what it had said', async () => {
    const { model, step } = steppedModel(['One, ', 'two.']);
    const world = open(model);
    const [asking, other] = [world.connect(), world.connect()];
    const said = gate<void>();
    other.channel('assistant-parts/abcd').subscribe({ from: 'start' }, () => said.resolve());
    const end = gate<object>();
    other
      .channel('assistant/abcd')
      .subscribe({ from: 'start' }, (turn) => turn.role === 'assistant' && end.resolve(turn));
    await asking.call('assistant/ask', { talk: 'abcd', text: 'Count!' });
    step();
    await said.promise;
    expect(await other.call('assistant/stop', { talk: 'abcd' })).toBe(true);
    expect(await end.promise).toEqual({ role: 'assistant', text: 'One,', end: 'stopped' });
  });

  it('answers one question of a talk at a time', async () => {
    const { model } = steppedModel(['One.']);
    const world = open(model);
    const client = world.connect();
    await client.call('assistant/ask', { talk: 'abcd', text: 'First?' });
    const second = client.call('assistant/ask', { talk: 'abcd', text: 'Second?' });
    await expect(second).rejects.toThrow(new LongwaveError('conflict', 'One question at a time.'));
    expect(await client.call('assistant/stop', { talk: 'abcde' })).toBe(false);
  });
});

it('the scripted model says its answer word by word', async () => {
  const words: string[] = [];
  for await (const word of scriptedModel({ wordMs: 0 })('What if I reload?', new AbortController().signal))
    words.push(word);
  expect(words.length).toBeGreaterThan(20);
  expect(words.join('')).toBe(answerTo('May I close the tab?'));
});
