import { describe, expect, it } from 'vitest';
import { judgeSentence, sentencesOfMarkdown, sentencesOfSource } from './english.mjs';

describe('judgeSentence', () => {
  it.each([
    'What the server has not answered.',
    'Of two epochs the older one is out of date.',
    'Who is told, and when.',
    'Whoever asks gets it.',
    'Whatever it was, it is gone.',
    '**What is kept** is a log.',
    'That which has no name.',
  ])('finds how it opens: %s', (sentence) => {
    expect(judgeSentence(sentence)).toBe('opens');
  });

  it.each([
    'A client may send frames right behind `connect`.',
    'Behind `revoked` the stream ends.',
    'A node behind a proxy is closed behind the last frame.',
  ])('finds "behind" for time: %s', (sentence) => {
    expect(judgeSentence(sentence)).toBe('behind');
  });

  it.each([
    'What if the store fails?',
    'Of course it does.',
    'What',
    'Often it waits.',
    'Ids that the server has not answered.',
    'It says what it does.',
    'Works behind a proxy, behind NAT and behind a load balancer.',
    'Nodes behind an nginx lag behind.',
    'A reader that is behind, reads pages.',
  ])('lets pass: %s', (sentence) => {
    expect(judgeSentence(sentence)).toBeUndefined();
  });
});

describe('sentencesOfSource', () => {
  it('reads comments of every shape, with the line on which each sentence begins', () => {
    const text = [
      '// One that goes on',
      '// here. And `Another` one.',
      'const a = "// What is no comment"; // Three',
      '// Four',
      '',
      '/**',
      ' * Five. See e.g. this,',
      ' * on 2 lines! Six.',
      ' * @param name Seven',
      ' * @returns Eight',
      ' * ```ts',
      ' * // What is code',
      ' * ```',
      ' */',
    ].join('\n');
    expect(sentencesOfSource('a.ts', text)).toEqual([
      { line: 1, text: 'One that goes on here.' },
      { line: 2, text: 'And `Another` one.' },
      { line: 3, text: 'Three' },
      { line: 4, text: 'Four' },
      { line: 7, text: 'Five.' },
      { line: 7, text: 'See e.g. this, on 2 lines!' },
      { line: 8, text: 'Six.' },
      { line: 9, text: 'Seven' },
      { line: 10, text: 'Eight' },
    ]);
  });
});

describe('sentencesOfMarkdown', () => {
  it('reads headings, items and cells, and no code', () => {
    const text =
      '# Head\nText\ngoes on. Next.\n\n- Item\n- Other\n\n| A | B |\n|---|---|\n\n```ts\nWhat is code\n```\n';
    expect(sentencesOfMarkdown(text).map((sentence) => sentence.text)).toEqual([
      'Head',
      'Text goes on.',
      'Next.',
      'Item',
      'Other',
      'A',
      'B',
      '---',
      '---',
    ]);
  });
});
