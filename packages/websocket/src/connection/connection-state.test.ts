import { expect, it } from 'vitest';
import { nextState } from './connection-state.js';

it('only ever moves forward: open, closing, closed', () => {
  const order = ['open', 'closing', 'closed'] as const;
  for (const state of order) {
    for (const step of ['close-sent', 'close-received', 'failed', 'transport-ended'] as const) {
      expect(order.indexOf(nextState(state, step))).toBeGreaterThanOrEqual(order.indexOf(state));
      if (step !== 'close-sent') expect(nextState(state, step)).toBe('closed');
    }
  }
});
