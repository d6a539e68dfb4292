import { expect, it } from 'vitest';
import { renderNames } from './names-page.mjs';

const named = (name: string, file: string, doc = 'Does it. And more.') => ({
  ...{ name, file, doc, declared: name, signatures: [], isValue: true },
});

it('lists a name once, with the first sentence of its comment and the other entries', () => {
  const { page, problems } = renderNames([
    {
      entry: 'longwave',
      names: [named('b', 'b.d.ts'), named('a', 'a.d.ts', 'Makes\na {@link b}.\n@example\n```ts\n```')],
    },
    { entry: 'longwave/client', names: [named('b', 'b.d.ts')] },
  ]);
  expect(problems).toEqual([]);
  expect(page.split('\n').filter((line) => line.startsWith('| `'))).toEqual([
    '| `a` | Makes a `b`. |',
    '| `b` | Does it. Also of `longwave/client`. |',
  ]);
});

it('lists the names of an entry that stands in for another by themselves', () => {
  const { page, problems } = renderNames([
    { entry: 'longwave', names: [named('a', 'a.d.ts')] },
    { entry: 'longwave/bun', names: [named('a', 'c.d.ts', 'Does it too.')] },
  ]);
  expect(problems).toEqual([]);
  expect(page.split('\n').filter((line) => line.startsWith('| `'))).toEqual([
    '| `a` | Does it. |',
    '| `a` | Does it too. |',
  ]);
});

it('finds a name that means two things, and one without a comment', () => {
  const { problems } = renderNames([
    { entry: 'longwave', names: [named('a', 'a.d.ts'), named('b', 'b.d.ts', '')] },
    { entry: 'longwave/client', names: [named('a', 'c.d.ts')] },
  ]);
  expect(problems).toEqual([
    'a of longwave and of longwave/client are two things: a.d.ts#a, c.d.ts#a',
    'longwave: b has no comment',
  ]);
});
