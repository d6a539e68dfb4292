import type { Encoded } from '@longwave/protocol';
import { describe, expect, it } from 'vitest';
import { dial, isClose, renewalOf, sample } from './dial.js';
import type { RequestPeer, TransportFixture, UpRequest } from './transport-fixture.js';

/** How many requests a link may make at a time to carry messages up. */
const maxUpstream = 3;

/** The further contract of a link made of requests (`Link.renew` in `@longwave/client`). */
export function requestLinkContract(current: () => TransportFixture): void {
  const start = (codec?: 'json' | 'binary') => {
    const fixture = current();
    const peer: RequestPeer = fixture.requests!;
    return { ...dial(fixture, { ...(codec && { codec }) }), peer, renewal: renewalOf(codec) };
  };
  const n = (from: number, count: number): Encoded[] =>
    Array.from({ length: count }, (_, i) => sample('json', from + i));

  describe('carrying down', () => {
    it.each(['json', 'binary'] as const)(
      'a renewal asks with its %s message, and says whether it waits',
      async (codec) => {
        const { link, log, until, peer, renewal } = start(codec);
        link.renew!(renewal);
        const first = await peer.nextDown();
        expect(first.message).toEqual(renewal.message);
        expect(first.atOnce ?? true).toBe(true);
        first.send(sample(codec, 1));
        first.end();
        await until((events) => events.length === 2);
        expect(log).toEqual([{ message: sample(codec, 1) }, 'renew']);
        link.renew!({ ...renewal, atOnce: false });
        expect((await peer.nextDown()).atOnce ?? false).toBe(false);
        link.close();
      },
    );

    it('a renewal ends the request before it, of which nothing is heard any more', async () => {
      const { link, log, messages, until, peer, renewal } = start();
      link.renew!(renewal);
      const old = await peer.nextDown();
      link.renew!({ ...renewal, message: 'anew' });
      const next = await peer.nextDown();
      expect(next.message).toBe('anew');
      await old.closed;
      old.send('late');
      old.end();
      next.send('new');
      next.end();
      await until(() => messages().length === 1);
      expect(log[0]).toEqual({ message: 'new' });
      link.close();
    });

    it('one that is cut after something came asks for a renewal', async () => {
      const { link, log, until, peer, renewal } = start();
      link.renew!(renewal);
      const down = await peer.nextDown();
      down.send('heard');
      // A response that has to be whole is not heard before its end.
      if (down.atOnce !== undefined) down.end();
      await until((events) => events.length > 0);
      down.drop();
      await until((events) => events.length === 2);
      expect(log).toEqual([{ message: 'heard' }, 'renew']);
      link.close();
    });

    it('one that is cut before anything came is repeated once, if the link has worked before', async () => {
      const { link, log, until, peer, renewal } = start();
      link.renew!(renewal);
      const first = await peer.nextDown();
      first.send('heard');
      first.end();
      await until((events) => events.includes('renew'));
      link.renew!({ ...renewal, message: 'anew' });
      for (const message of ['anew', 'anew']) {
        const down = await peer.nextDown();
        expect(down.message).toBe(message);
        down.drop();
      }
      await until((events) => events.some(isClose));
      expect(log.slice(2)).toMatchObject([{ close: {} }]);
    });

    it('one that is refused is the end of the link', async () => {
      const { link, log, until, peer, renewal } = start();
      link.renew!(renewal);
      (await peer.nextDown()).refuse();
      await until((events) => events.length === 1);
      expect(log).toMatchObject([{ close: {} }]);
    });
  });

  describe('carrying up', () => {
    const all = async (count: number, next: () => Promise<UpRequest>): Promise<UpRequest[]> => {
      const ups: UpRequest[] = [];
      while (ups.length < count) ups.push(await next());
      return ups;
    };

    it('what is sent goes at once, and what gathers meanwhile goes together, in order, behind `connect`', async () => {
      const { link, messages, until, peer, renewal } = start();
      link.renew!(renewal);
      const down = await peer.nextDown();
      for (const message of n(0, 10)) link.send(message);
      const first = await all(maxUpstream, () => peer.nextUp());
      expect(first.map(({ messages: [connect] }) => connect)).toEqual(Array(maxUpstream).fill(renewal.connect));
      expect(new Set(first.flatMap(({ messages: [, ...rest] }) => rest))).toEqual(new Set(n(0, maxUpstream)));
      expect(link.bufferedBytes).toBeGreaterThan(0);
      first[0]!.answer('answered');
      const then = await peer.nextUp();
      expect(then.messages).toEqual([renewal.connect, ...n(maxUpstream, 10 - maxUpstream)]);
      expect(peer.openUps).toBe(maxUpstream);
      expect(link.bufferedBytes).toBe(0);
      for (const up of [...first.slice(1), then]) up.answer();
      await until(() => messages().length === 1);
      expect(messages()).toEqual(['answered']);
      link.close();
      await down.closed;
    });

    it('no request is larger than a message may be, nor smaller than it need be, and never more than 3 are open', async () => {
      const { link, peer } = start();
      const messageBytes = 200;
      link.renew!(renewalOf('json', { messageBytes }));
      const down = await peer.nextDown();
      const sent = n(10, 50);
      for (const message of sent) link.send(message);
      // Two of the first are held, so that of the rest none can overtake another.
      const [, , third] = await all(maxUpstream, () => peer.nextUp());
      let up = third!;
      const got: Encoded[] = [];
      while (got.length < sent.length - maxUpstream) {
        up.answer();
        up = await peer.nextUp();
        expect(peer.openUps).toBe(maxUpstream);
        const bytes = up.bytes - '{"connect":1}\n'.length;
        expect(bytes).toBeLessThanOrEqual(messageBytes);
        got.push(...up.messages.slice(1));
        // Up to the last: one message more would not have fitted.
        if (got.at(-1) !== sent.at(-1)) expect(bytes).toBeGreaterThan(messageBytes - 24);
      }
      expect(got).toEqual(sent.slice(maxUpstream));
      link.close();
      await down.closed;
    });

    it('`connect` is that of the last renewal', async () => {
      const { link, peer, renewal } = start();
      link.renew!(renewal);
      await peer.nextDown();
      link.renew!({ ...renewal, connect: '{"connect":2}' });
      link.send('up');
      expect((await peer.nextUp()).messages).toEqual(['{"connect":2}', 'up']);
      link.close();
    });

    it.each(['drop', 'refuse'] as const)(
      'what fails on its way up is told with all that is on its way, and the third time in a row it is the end (%s)',
      async (how) => {
        const { link, log, until, peer, renewal } = start();
        link.renew!(renewal);
        const down = await peer.nextDown();
        const told = () => log.filter((event) => event === 'lost' || isClose(event));
        for (let failures = 1; failures <= 3; failures++) {
          for (const message of n(0, 3)) link.send(message);
          const [failing, ...others] = await all(maxUpstream, () => peer.nextUp());
          failing![how]();
          await until(() => told().length === failures);
          await Promise.all(others.map(({ closed }) => closed));
        }
        await down.closed;
        expect(log.map((event) => (isClose(event) ? 'close' : event))).toEqual(['lost', 'lost', 'close']);
      },
    );

    it('closing gives up all that is under way, and sends nothing of what waits', async () => {
      const { link, log, peer, renewal } = start();
      link.renew!(renewal);
      const down = await peer.nextDown();
      for (const message of n(0, 10)) link.send(message);
      const ups = await all(maxUpstream, () => peer.nextUp());
      link.close(1000);
      link.send('late');
      await Promise.all([down, ...ups].map(({ closed }) => closed));
      const other = start();
      other.link.renew!({ ...renewal, message: 'other' });
      other.link.send('the next that comes up');
      expect((await peer.nextUp()).messages.at(-1)).toBe('the next that comes up');
      expect(log).toEqual([]);
      other.link.close();
    });
  });
}
