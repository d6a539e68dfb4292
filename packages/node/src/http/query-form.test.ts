import { describe, expect, it } from 'vitest';
import { routedTarget } from './query-form.js';
import { serve } from '../http-api/testing/serve.js';

describe('names in the query', () => {
  it.each([
    ['/v1/channel/messages?channel=chat/a&limit=2', '/v1/channels/chat%2Fa/messages', 'limit=2'],
    ['/v1/channel/entries?channel=board/a&key=x%2Fy', '/v1/channels/board%2Fa/entries/x%2Fy', ''],
    ['/v1/channel/entries?channel=board/a&after=b', '/v1/channels/board%2Fa/entries', 'after=b'],
    ['/v1/channel/history/e~1.f/101?channel=a', '/v1/channels/a/history/e~1.f/101', ''],
    ['/v1/user/disconnect?user=a/b', '/v1/users/a%2Fb/disconnect', ''],
    ['/v1/channel/messages', '/v1/channel/messages', ''],
    ['/v1/channels/a/messages?channel=b', '/v1/channels/a/messages', 'channel=b'],
  ])('%s is %s', (url, path, query) => {
    const [asked, rest = ''] = url.split('?');
    expect(routedTarget({ path: asked!, query: rest })).toMatchObject({ path, query });
  });

  it('reach all that the path reaches', async () => {
    const { call } = await serve();
    const publish = await call('POST', '/v1/channel/messages?channel=chat/a', { data: { text: 'hi' } });
    expect(publish.status).toBe(201);
    const page = await call('GET', '/v1/channel/messages?channel=chat/a&limit=1');
    expect(page.body).toMatchObject({ messages: [{ data: { text: 'hi' } }] });
    expect((await call('PUT', '/v1/channel/entries?channel=board/a&key=x/y', { data: 1 })).status).toBe(200);
    expect((await call('GET', '/v1/channel/entries?channel=board/a&key=x/y')).body).toMatchObject({
      key: 'x/y',
      data: 1,
    });
    expect((await call('PUT', '/v1/channel/value?channel=score/a', { data: 1 })).status).toBe(200);
    expect((await call('POST', '/v1/user/messages?user=a/b', { data: 1 })).status).toBe(201);
    expect((await call('POST', '/v1/channel/messages', { data: 1 })).status).toBe(404);
    expect((await call('DELETE', '/v1/channel/messages?channel=a')).status).toBe(405);
  });

  it('READ-8, READ-9: links of the history name the channel in the same way', async () => {
    const { call, port } = await serve();
    for (let n = 0; n < 201; n++) await call('POST', '/v1/channel/messages?channel=news', { data: n });
    const asked = `http://127.0.0.1:${port}/v1/channel/history?channel=news`;
    const bounds = (await (await fetch(asked)).json()) as { links: Record<string, string> };
    const oldest = new URL(bounds.links['oldest']!, asked);
    const page = (await (await fetch(oldest)).json()) as { messages: unknown[]; links: Record<string, string> };
    expect(page.messages).toHaveLength(100);
    const next = (await (await fetch(new URL(page.links['next']!, oldest))).json()) as typeof page;
    expect(next.messages).toHaveLength(100);
    const events = await fetch(new URL(bounds.links['events']!, asked));
    expect(events.status).toBe(200);
    await events.body?.cancel();
  });
});
