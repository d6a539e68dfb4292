import { expect, it } from 'vitest';
import type { Replica } from '../processes/messages.js';
import { checkDocuments } from './document-check.js';

const replica = (writer: string, text: string, more: Partial<Replica> = {}): Replica => ({
  ...{ writer, document: 'doc/a', text, acked: 0, written: 0, problem: undefined },
  ...more,
});

it('finds nothing where all copies are equal and have what was acknowledged', () => {
  const text = ' a.1; b.1; a.2;';
  expect(checkDocuments([replica('a', text, { acked: 2 }), replica('b', text, { acked: 1 })])).toEqual({
    ...{ words: 3, acked: 3, violations: [] },
  });
});

it('finds what is lost, doubled, different, and who is not up to date', () => {
  const found = checkDocuments([
    replica('a', ' a.1; a.1;', { acked: 2 }),
    replica('b', ' a.1;', { problem: 'opening' }),
  ]);
  expect(found.violations).toEqual([
    'doc/a: b is not up to date: opening',
    'doc/a: b has 5 letters, a 10, and they differ',
    "doc/a: 'a.1' is there 2 times",
    "doc/a: 'a.2' was acknowledged and is lost",
  ]);
});
