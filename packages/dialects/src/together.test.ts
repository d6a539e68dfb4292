import { expect, it } from 'vitest';
import { openers } from './testing/clients.js';
import { startServer } from './testing/server.js';

const byText = (a: string, b: string): number => (a < b ? -1 : 1);

it('clients of every version converge in one document, and see each other', async () => {
  const { port, operations } = await startServer();
  const names = Object.keys(openers);
  const editors = names.map((name) => openers[name]!(port, 'a'));
  await Promise.all(editors.map((editor) => editor.synced()));
  for (const { name, text, awareness } of editors) {
    text.insert(0, `${name};`);
    awareness.setLocalStateField('user', { name });
  }
  const texts = () => editors.map(({ text }) => text.toJSON());
  await expect
    .poll(() => texts().map((text) => text.split(';').toSorted(byText)))
    .toEqual(names.map(() => ['', ...names.toSorted(byText)]));
  expect(new Set(texts()).size).toBe(1);
  const seen = () =>
    editors.map(({ awareness }) =>
      [...awareness.getStates().values()].map((state) => String(state['user']?.name)).toSorted(byText),
    );
  await expect.poll(seen).toEqual(names.map(() => names.toSorted(byText)));
  expect(await operations('a')).toBe(names.length);
  editors[0]!.close();
  await expect.poll(() => seen().slice(1)).toEqual(names.slice(1).map(() => names.slice(1).toSorted(byText)));
});
