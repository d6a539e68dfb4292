import { expect, it } from 'vitest';
import { connectFrame, post, routes, startNode } from '../testing/requests.js';

/** `fetch` would not set these headers of a browser. */
async function preflight(url: string, origin: string): Promise<Response> {
  return fetch(url, { method: 'OPTIONS', headers: { origin, 'access-control-request-method': 'POST' } });
}

it.each(routes)(
  'HTTP-7, HTTP-26: %s: pages of other origins are refused, and so is the opaque one, whatever they ask',
  async (route) => {
    const { server, url } = await startNode();
    const listed = await startNode({ allowedOrigins: ['https://app.example'] });
    for (const [target, origin] of [
      [url, 'https://evil.example'],
      [url, 'null'],
      [url, 'nonsense'],
      [listed.url, 'null'],
      [listed.url, 'https://app.example.evil.example'],
      [listed.url, new URL(listed.url).origin],
    ] as const) {
      const { response } = await post(target, route, [connectFrame()], { headers: { origin } });
      expect([origin, response.status]).toEqual([origin, 403]);
      // For the page to read the refusal, and nothing else: a preflight allows it nothing.
      expect(response.headers.get('access-control-allow-origin')).toBe(origin);
      expect(response.headers.get('vary')).toBe('Origin');
      expect((await preflight(`${target}/${route}`, origin)).status).toBe(403);
    }
    expect(server.engine.stats.accepted + listed.server.engine.stats.accepted).toBe(0);
  },
);

it.each(routes)('HTTP-22: %s: allowed pages may read the answer, with their cookies', async (route) => {
  const { url } = await startNode();
  const listed = await startNode({ allowedOrigins: ['https://app.example'] });
  const open = await startNode({ allowedOrigins: '*' });
  for (const [target, origin] of [
    [url, new URL(url).origin],
    [listed.url, 'https://app.example'],
    [open.url, 'https://anybody.example'],
    [open.url, 'null'],
  ] as const) {
    const { response } = await post(target, route, [connectFrame()], { headers: { origin }, query: '&now=1' });
    expect([origin, response.status]).toEqual([origin, 200]);
    expect(response.headers.get('access-control-allow-origin')).toBe(origin);
    expect(response.headers.get('access-control-allow-credentials')).toBe('true');
    expect(response.headers.get('vary')).toBe('Origin');
    const asked = await preflight(`${target}/${route}`, origin);
    expect(asked.status).toBe(204);
    expect(asked.headers.get('access-control-allow-methods')).toBe('POST');
    expect(asked.headers.get('access-control-allow-headers')).toContain('Content-Type');
  }
});

it('a refusal can be read by the page that got it', async () => {
  const { url } = await startNode({ allowedOrigins: ['https://app.example'] });
  const response = await fetch(`${url}/send`, {
    method: 'POST',
    body: Uint8Array.of(255),
    headers: { origin: 'https://app.example' },
  });
  expect(response.status).toBe(400);
  expect(response.headers.get('access-control-allow-origin')).toBe('https://app.example');
});

it('a request without an Origin comes from no page and passes, without a word about origins', async () => {
  const { url } = await startNode({ allowedOrigins: ['https://app.example'] });
  const { response } = await post(url, 'send', [connectFrame()]);
  expect(response.status).toBe(200);
  expect(response.headers.get('access-control-allow-origin')).toBeNull();
});
