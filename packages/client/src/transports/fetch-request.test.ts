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

it.each([
  ['with a reason', '{"detail":"No page of this origin."}', 'answered 403: No page of this origin.'],
  ['with none', '{"error":"no"}', 'answered 403'],
  ['that is no JSON', '<html>', 'answered 403'],
  ['without a body', null, 'answered 403'],
])('a refusal says why: %s', async (_, body, told) => {
  vi.stubGlobal('fetch', async () => new Response(body, { status: 403 }));
  const reason = await new Promise((resolve) => {
    fetchRequest('http://a.test/poll', '{}', { onPiece: () => {}, onEnd: (...end) => resolve(end) });
  });
  expect(reason).toEqual([false, told, 403]);
});

it('a refusal without an end is not read to it', async () => {
  const cancelled = vi.fn<() => void>();
  const body = new ReadableStream({ start: (stream) => stream.enqueue(new Uint8Array(10)), cancel: cancelled });
  vi.stubGlobal('fetch', async (_: string, { signal }: RequestInit) => {
    signal!.addEventListener('abort', () => cancelled());
    return new Response(body, { status: 500 });
  });
  const reason = await new Promise((resolve) => {
    fetchRequest('http://a.test/poll', '{}', { onPiece: () => {}, onEnd: (...end) => resolve(end) });
  });
  expect(reason).toEqual([false, 'answered 500', 500]);
  expect(cancelled).toHaveBeenCalled();
});
