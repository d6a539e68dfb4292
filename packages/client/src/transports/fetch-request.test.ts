import { afterEach, expect, it, vi } from 'vitest';
import { fetchRequest } from './fetch-request.js';

afterEach(() => void vi.unstubAllGlobals());

it.each([
  ['text', '{}', 'text/plain'],
  ['bytes', Uint8Array.of(255), 'application/octet-stream'],
])('HTTP-10: a message is labelled as what it is: %s', async (_, body, type) => {
  const asked = vi.fn<(url: string, init: RequestInit) => Promise<Response>>(async () => new Response(''));
  vi.stubGlobal('fetch', asked);
  const complete = await new Promise<boolean>((resolve) => {
    fetchRequest('http://a.test/send', body, { onPiece: () => {}, onEnd: resolve });
  });
  expect(complete).toBe(true);
  expect(asked.mock.calls[0]![1].headers).toEqual({ 'content-type': type });
});
