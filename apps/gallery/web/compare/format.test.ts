import { describe, expect, it } from 'vitest';
import { formatBytes, formatDuration } from './format.js';

describe('figures', () => {
  it('are bytes in a unit that fits', () => {
    expect([0, 999, 999.6, 1000, 1049, 12_340, 123_400, 999_999, 5_000_000].map(formatBytes)).toEqual([
      '0 B',
      '999 B',
      '1.0 kB',
      '1.0 kB',
      '1.0 kB',
      '12.3 kB',
      '123 kB',
      '1.0 MB',
      '5.0 MB',
    ]);
  });

  it('are times in a unit that fits', () => {
    expect([0.04, 3.21, 45.6, 999, 1500, 12_345].map(formatDuration)).toEqual([
      '0.0 ms',
      '3.2 ms',
      '46 ms',
      '999 ms',
      '1.50 s',
      '12.3 s',
    ]);
  });
});
