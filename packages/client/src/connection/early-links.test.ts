import type { CodecName } from '@longwave/protocol';
import { describe, expect, it } from 'vitest';
import type { Link, LinkEvents } from '../base/ports.js';
import { FakeLink } from '../testing/fake-transport.js';
import { Harness, connectedFrame } from '../testing/harness.js';

describe('a link that takes messages before it is open', () => {
  const setUp = () => {
    const links: FakeLink[] = [];
    const connect = (url: string, codec: CodecName, events: LinkEvents): Link => {
      const link = Object.assign(new FakeLink(url, codec, events), { early: true });
      links.push(link);
      return link;
    };
    const h = new Harness({ transport: { name: 'early', connect } });
    h.client.channel('a').subscribe(() => undefined);
    h.client
      .channel('a')
      .publish('hi')
      .catch(() => undefined);
    return {
      h,
      links,
      types: () =>
        links
          .at(-1)!
          .take()
          .map(({ type }) => type),
    };
  };

  it('CLI-20: is given connect and subscriptions, and publishes once it is open', async () => {
    const { h, links, types } = setUp();
    expect(types()).toEqual([]);
    await Promise.resolve();
    expect(types()).toEqual(['connect', 'subscribe']);
    links[0]!.open();
    expect(types()).toEqual(['publish']);
    links[0]!.say(connectedFrame());
    expect(h.client.state.status).toBe('connected');
  });

  it('CLI-20: costs no publish its chance when it fails', async () => {
    const { h, links, types } = setUp();
    await Promise.resolve();
    links[0]!.drop();
    h.clock.advance(5_000);
    await Promise.resolve();
    links[1]!.open();
    expect(types()).toEqual(['connect', 'subscribe', 'publish']);
  });

  it('SES-8: is told once who we are, also when it is open before that', async () => {
    const { links, types } = setUp();
    links[0]!.open();
    expect(types()).toEqual(['connect', 'subscribe', 'publish']);
    await Promise.resolve();
    expect(types()).toEqual([]);
  });
});
