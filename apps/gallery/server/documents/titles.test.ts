import { expect, it } from 'vitest';
import { createTitles } from './titles.js';

it('takes the first line of a document, once it rests', async () => {
  const texts: Record<string, string> = { plan: '\n  A plan  \nwith lines', empty: ' \n' };
  const written: [string, string][] = [];
  let done = (): void => undefined;
  const isDone = new Promise<void>((resolve) => (done = resolve));
  const titles = createTitles({
    waitMs: 0,
    read: (id) => Promise.resolve(texts[id] ?? Promise.reject(new Error('gone'))),
    write: (id, title) => {
      written.push([id, title]);
      done();
      return Promise.resolve();
    },
  });
  for (const id of ['empty', 'none', 'plan', 'plan']) titles.touched(id);
  await isDone;
  titles.close();
  expect(written).toEqual([['plan', 'A plan']]);
});
