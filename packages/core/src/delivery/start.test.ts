import { type Subscribe, continueEpoch } from '@longwave/protocol';
import { describe, expect, it } from 'vitest';
import { freshStart, resolveStart, resolveStateStart } from './start.js';

const bounds = { epoch: 'e', floor: 10, top: 20 };
const ask = (more: Partial<Subscribe> = {}): Subscribe => ({ type: 'subscribe', id: 1, channel: 'a', ...more });
const unavailable = expect.objectContaining({ code: 'unavailable' });

describe('the start in a log', () => {
  it.each([
    ['after all there is, when nothing is asked for', undefined, 20],
    ['before the last n', 3, 17],
    ['before all that is retained, when more is asked for', 30, 10],
    ['after all there is, when none of it is asked for', 0, 20],
  ])('SUB-1: is %s', (_, last, offset) => {
    expect(resolveStart(ask({ last }), bounds)).toEqual({ offset });
  });

  it.each([10, 15, 20])('SUB-4: is the position %i where it can be continued, whatever else is asked for', (offset) => {
    expect(resolveStart(ask({ epoch: 'e', offset, last: 2 }), bounds)).toEqual({ offset });
  });

  it.each([
    ['trimmed', 'e', 9],
    ['truncated', 'e', 21],
    ['epoch-changed', 'x', 15],
  ])('SUB-4, SUB-5: is one that was not asked for where that is %s', (reset, epoch, offset) => {
    expect(resolveStart(ask({ epoch, offset }), bounds)).toEqual({ offset: 10, reset });
    expect(resolveStart(ask({ epoch, offset, last: 2 }), bounds)).toEqual({ offset: 18, reset });
  });

  it('EPOCH-2: is judged by what both logs have', () => {
    const now = { ...bounds, epoch: continueEpoch('e', 15, 'f') };
    expect(resolveStart(ask({ epoch: 'e', offset: 15 }), now)).toEqual({ offset: 15 });
    expect(resolveStart(ask({ epoch: 'e', offset: 16 }), now)).toEqual({ offset: 10, reset: 'truncated' });
  });

  it('waits for a store that is behind the position', () => {
    const later = continueEpoch('e', 15, 'f');
    expect(() => resolveStart(ask({ epoch: later, offset: 15 }), bounds)).toThrow(unavailable);
    expect(() => resolveStateStart(ask({ epoch: later, offset: 15 }), bounds)).toThrow(unavailable);
  });

  it('SUB-4: after a reset is before all that is retained, or before the last n', () => {
    expect([undefined, 4, 40].map((last) => freshStart(bounds, last))).toEqual([10, 16, 10]);
  });
});

describe('STATE-1: the start in a state', () => {
  it('has nothing of it without a position', () => {
    expect(resolveStateStart(ask({ last: 3 }), bounds)).toEqual({ offset: 0, fresh: true });
  });

  it.each([0, 9, 20])('is the position %i, though removals after it may be forgotten', (offset) => {
    expect(resolveStateStart(ask({ epoch: 'e', offset }), bounds)).toEqual({ offset, fresh: false });
  });

  it.each([
    ['truncated', 'e', 21],
    ['epoch-changed', 'x', 15],
  ])('has nothing of it where the position is %s', (reset, epoch, offset) => {
    expect(resolveStateStart(ask({ epoch, offset }), bounds)).toEqual({ offset: 0, reset, fresh: true });
  });

  it('VIEW-9: has nothing of it where something else could be seen at the position, or the client says so', () => {
    const at = { epoch: 'e', offset: 15 };
    const isFresh = (more: Partial<Subscribe>, scope?: string) =>
      resolveStateStart(ask({ ...at, ...more }), bounds, scope).fresh;
    expect([isFresh({ scope: 's' }, 's'), isFresh({}, undefined)]).toEqual([false, false]);
    expect([isFresh({ scope: 's' }, 't'), isFresh({}, 't'), isFresh({ scope: 's' })]).toEqual([true, true, true]);
    expect(isFresh({ scope: 's', fresh: true }, 's')).toBe(true);
  });
});
