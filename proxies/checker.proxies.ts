import { describe, expect, it } from 'vitest';
import { type Received, Recorder } from './harness/recorder.js';

const log: readonly Received[] = [1, 2, 3, 4, 5].map((offset) => ({ offset, text: `m${offset}` }));

function faultsOf(offsets: readonly number[], text = (offset: number) => `m${offset}`): string[] {
  const recorder = new Recorder();
  for (const offset of offsets) recorder.received.push({ offset, text: text(offset) });
  return recorder.faults(log);
}

describe('the checker of the matrix', () => {
  it('has nothing to say of what is right, from wherever it begins', () => {
    expect(faultsOf([1, 2, 3, 4, 5])).toEqual([]);
    expect(faultsOf([3, 4, 5])).toEqual([]);
    expect(faultsOf([])).toEqual([]);
  });

  it.each([
    ['the last is lost', [1, 2, 3, 4], ['5 is lost']],
    ['one is lost', [1, 2, 4, 5], ['4 after 2', '3 is lost']],
    ['one comes twice', [1, 2, 2, 3, 4, 5], ['2 came twice']],
    ['two change places', [1, 3, 2, 4, 5], ['3 after 1', '2 after 3', '4 after 2']],
  ])('finds when %s', (_, offsets, faults) => {
    expect(faultsOf(offsets)).toEqual(faults);
  });

  it('finds what was changed, and a reset', () => {
    expect(faultsOf([1, 2, 3, 4, 5], (offset) => (offset === 3 ? 'x' : `m${offset}`))).toEqual(["3 is 'x', not 'm3'"]);
    const recorder = new Recorder();
    recorder.onReset({ reason: 'truncated', position: { epoch: 'e', offset: 1 } });
    expect(recorder.faults(log)).toEqual(['a reset: truncated']);
  });
});
