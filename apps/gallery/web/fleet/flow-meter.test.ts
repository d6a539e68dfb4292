import { expect, it } from 'vitest';
import { createFlowMeter } from './flow-meter.js';

it('tells rates over the last twenty seconds, and all of the bytes', () => {
  const meter = createFlowMeter();
  expect(meter.note(0, { updates: 0, bytes: 0 })).toBeUndefined();
  expect(meter.note(1000, { updates: 100, bytes: 5000 })).toEqual({
    updatesPerSecond: 100,
    bytesPerSecond: 5000,
    totalBytes: 5000,
  });
  for (let second = 2; second <= 60; second++) meter.note(second * 1000, { updates: 100, bytes: 5000 });
  expect(meter.note(61_000, { updates: 140, bytes: 5200 })).toEqual({
    updatesPerSecond: 2,
    bytesPerSecond: 10,
    totalBytes: 5200,
  });
});
