import { continueEpoch } from '@longwave/protocol';
import { expect, it } from 'vitest';
import { parsePosition, positionText } from './event-text.js';

it('READ-2: a position is read with the longest epoch that a log can have (EPOCH-1)', () => {
  const id = 'x'.repeat(22);
  let epoch = id;
  for (let i = 0; i < 12; i++) epoch = continueEpoch(epoch, Number.MAX_SAFE_INTEGER, id);
  expect(epoch.length).toBeGreaterThan(256);
  const position = { epoch, offset: 7 };
  expect(parsePosition(positionText(position))).toEqual(position);
});
