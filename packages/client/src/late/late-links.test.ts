import { describe, expect, it } from 'vitest';
import { connectedFrame, messageFrame, subscribedFrame } from '../testing/harness.js';
import { FakeRequests } from '../testing/fake-requests.js';
import { settle, startLate } from '../testing/late-parts.js';
import { streamTransport } from '../transports/http.js';

describe('a node that goes', () => {
  it('CLI-21: is left for another as soon as the part for that is there, without a gap', async () => {
    const { h, loads } = startLate();
    const got: unknown[] = [];
    h.client.channel('a').subscribe((data) => got.push(data));
    const [subscribe] = h.accept();
    h.link.say(subscribedFrame(subscribe, 3));
    const old = h.link;
    old.say({ type: 'goaway', retryAfterMs: 100 });
    expect(loads.links).toHaveLength(1);
    old.say(messageFrame('a', 4));
    loads.links[0]!.give();
    await settle();
    h.clock.advance(100);
    h.link.open();
    expect(old.closedByClient).toBe(false);
    h.link.say(connectedFrame());
    expect([old.closedByClient, got]).toEqual([true, [4]]);
    expect(h.link.take().at(-1)).toMatchObject({ type: 'subscribe', channel: 'a', offset: 4 });
    h.client.close();
  });

  it('CLI-21: is left when it closes, where the part does not come', async () => {
    const { h, loads } = startLate();
    h.accept();
    h.link.say({ type: 'goaway', retryAfterMs: 3_000 });
    loads.links[0]!.fail();
    await settle();
    h.link.drop({ code: 4504 });
    h.clock.advance(3_000);
    expect(h.transport.links).toHaveLength(2);
    h.accept();
    loads.links[1]!.give();
    await settle();
    // The connection of that goaway is over.
    h.clock.advance(5_000);
    expect(h.transport.links).toHaveLength(2);
    h.client.close();
    expect(h.clock.timers).toBe(0);
  });
});

it('subscriptions that begin while the part for requests is loaded are all in its first request', async () => {
  const requests = new FakeRequests();
  const { h, loads } = startLate({ transport: streamTransport({ request: requests.post }) });
  h.client.channel('a').subscribe(() => {});
  expect([requests.all.length, loads.links.length]).toEqual([0, 1]);
  h.client.channel('b').subscribe(() => {});
  loads.links[0]!.give();
  await settle();
  h.clock.advance(0);
  expect(requests.down.frames).toMatchObject([
    { type: 'connect' },
    { type: 'subscribe', channel: 'a' },
    { type: 'subscribe', channel: 'b' },
  ]);
  h.client.close();
});
