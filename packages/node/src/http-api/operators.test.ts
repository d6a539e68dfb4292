import { MemoryStore } from '@longwave/core';
import { describe, expect, it } from 'vitest';
import { serve } from './testing/serve.js';

describe('for operators', () => {
  it('is ready when messages come through, and not when they do not', async () => {
    const well = await serve();
    const { status, body } = await well.call('GET', '/readyz', undefined, { authorization: '' });
    expect(status).toBe(200);
    expect(body).toEqual({ status: 'ready', deliveryMs: expect.any(Number) });
    const ill = await serve({ probeTimeout: 50 }, DeafStore);
    expect(await ill.call('GET', '/healthz')).toMatchObject({ status: 200 });
    expect(await ill.call('GET', '/readyz')).toMatchObject({
      status: 503,
      body: { status: 'failing', code: 'timeout' },
    });
  });

  it('says 503 as soon as the node drains', async () => {
    const { engine, call } = await serve();
    expect((await call('GET', '/readyz')).status).toBe(200);
    await engine.drain(0);
    expect(await call('GET', '/readyz')).toMatchObject({ status: 503, body: { status: 'draining' } });
    expect((await call('GET', '/healthz')).status).toBe(200);
  });

  it('counts what the engine did, for Prometheus', async () => {
    const { call } = await serve();
    await call('POST', '/v1/channels/news/messages', { data: 1 });
    const { status, headers, body } = await call('GET', '/metrics', undefined, { authorization: '' });
    expect(status).toBe(200);
    expect(headers.get('content-type')).toContain('text/plain');
    expect(body).toMatch(/^longwave_messages_published_total 1$/m);
    expect(body).toMatch(/^longwave_accepting 1$/m);
    expect(body).toMatch(/^nodejs_eventloop_lag_seconds /m);
    const again = await call('GET', '/metrics');
    expect(again.body).toMatch(/^longwave_messages_published_total 1$/m);
  });

  it('hides the metrics behind a key, or altogether', async () => {
    const guarded = await serve({ metrics: 'key' });
    expect((await guarded.call('GET', '/metrics', undefined, { authorization: '' })).status).toBe(401);
    expect((await guarded.call('GET', '/metrics')).status).toBe(200);
    const off = await serve({ metrics: 'off' });
    expect((await off.call('GET', '/metrics')).status).toBe(404);
  });

  it('stands under a base path where the application has its own /v1', async () => {
    const { call } = await serve({ basePath: '/realtime' });
    expect((await call('POST', '/realtime/v1/channels/news/messages', { data: 1 })).status).toBe(201);
    expect((await call('GET', '/realtime/readyz')).status).toBe(200);
    expect((await call('GET', '/v1/openapi.json')).status).toBe(418);
    expect((await call('GET', '/realtime/v1/openapi.json')).body.servers).toEqual([{ url: '/realtime' }]);
  });
});

class DeafStore extends MemoryStore {
  override watch(): () => void {
    return () => undefined;
  }
}
