import { LongwaveError } from '@longwave/protocol';
import { afterEach, describe, expect, it, vi } from 'vitest';
import { consoleLogger } from './console-logger.js';

afterEach(() => {
  vi.restoreAllMocks();
  vi.unstubAllEnvs();
});

describe('the console logger', () => {
  it('names the place of the documentation that explains the code of a failure', () => {
    const error = vi.spyOn(console, 'error').mockImplementation(() => undefined);
    const cause = new LongwaveError('unavailable');
    consoleLogger.error('The store is away.', cause);
    expect(error).toHaveBeenCalledWith('longwave: The store is away. See docs/errors.md#unavailable.', cause);
  });

  it('names the page of the documentation where the installation serves it', () => {
    vi.stubEnv('LONGWAVE_DOCS', 'https://docs.example/longwave/');
    const error = vi.spyOn(console, 'error').mockImplementation(() => undefined);
    consoleLogger.error('Stopped.', new LongwaveError('timeout'));
    expect(error.mock.calls[0]![0]).toBe('longwave: Stopped. See https://docs.example/longwave/errors#timeout.');
  });

  it('says no more than the message where there is no code', () => {
    const warn = vi.spyOn(console, 'warn').mockImplementation(() => undefined);
    consoleLogger.warn?.('Slow.');
    const cause = new Error('none');
    consoleLogger.warn?.('Slow.', cause);
    expect(warn.mock.calls).toEqual([
      ['longwave: Slow.', ''],
      ['longwave: Slow.', cause],
    ]);
  });
});
