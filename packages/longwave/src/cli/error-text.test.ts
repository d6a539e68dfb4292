import { afterEach, describe, expect, it, vi } from 'vitest';
import { errorText, refusalText } from './error-text.js';

afterEach(() => vi.unstubAllEnvs());

describe('failures on the command line', () => {
  it('name the place where cause and cure of their code stand', () => {
    const text = 'forbidden: Writers only. See docs/errors.md#forbidden.';
    expect(errorText({ code: 'forbidden', message: 'Writers only' })).toBe(text);
    vi.stubEnv('LONGWAVE_DOCS', 'https://docs.example');
    expect(errorText({ code: 'forbidden', message: 'Writers only.' })).toBe(
      'forbidden: Writers only. See https://docs.example/errors#forbidden.',
    );
  });

  it('name it once, where the message does so already', () => {
    const message = 'Not now. See docs/errors.md#unavailable.';
    expect(errorText({ code: 'unavailable', message })).toBe(`unavailable: ${message}`);
  });

  it('tell what a server answered, and that it was none of ours', () => {
    expect(refusalText(413, { error: { code: 'too-large', message: 'Too long.' } })).toBe(
      'answered 413: Too long. See docs/errors.md#too-large.',
    );
    expect(refusalText(502, undefined)).toBe('answered 502: no JSON.');
  });
});
