import { expect, it } from 'vitest';
import { Collector } from './collector.js';
import { Layout, smallSize } from './layout.js';

it('G4: an ack that claims more, or another thing, than the store has is found', () => {
  const collector = new Collector(new Layout(smallSize), ['memory'], () => undefined);
  collector.checkLevel('memory', 'log/l0');
  expect(collector.violations.total).toBe(0);
  collector.checkLevel('replicated', 'log/l0');
  collector.checkLevel('disk', 'log/l0');
  expect(Object.fromEntries(collector.violations.counts)).toEqual({ 'wrong-durability': 2 });
  collector.stop();
});
