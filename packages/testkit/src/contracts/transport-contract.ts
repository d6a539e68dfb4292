import type { Encoded } from '@longwave/protocol';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { type DialOptions, type Dialled, dial, isClose, renewalOf, sample } from './dial.js';
import { requestLinkContract } from './request-link-contract.js';
import type { TransportFixture, TransportTraits } from './transport-fixture.js';

/**
 * The contract of every transport of the client (`Transport` in `@longwave/client`). `open` gives a fixture for each
 * test.
 */
export function transportContract(
  name: string,
  open: () => TransportFixture | Promise<TransportFixture>,
  { requests = false }: TransportTraits = {},
): void {
  describe(`${name} as a transport`, () => {
    let fixture: TransportFixture;
    beforeEach(async () => {
      fixture = await open();
    });
    afterEach(() => fixture.close());

    /** As the client does it: a link made of requests is renewed at once, and whenever it asks for it. */
    const start = (options: DialOptions = {}): Dialled => {
      const { codec } = options;
      const dialled = dial(fixture, { ...options, onRenew: (link) => link.renew!(renewalOf(codec)) });
      expect(dialled.link.renew !== undefined).toBe(requests);
      dialled.link.renew?.(renewalOf(codec));
      return dialled;
    };
    const connected = async (options?: DialOptions) => {
      const dialled = start(options);
      const peer = await fixture.accept();
      if (!requests) await dialled.until((log) => log.length === 1);
      return { ...dialled, peer };
    };
    const opening = requests ? [] : ['open'];

    it.each(['json', 'binary'] as const)('WIRE-1: %s messages travel both ways, whole and in order', async (codec) => {
      const { link, log, messages, until, peer } = await connected({ codec });
      const samples = Array.from({ length: 20 }, (_, i) => sample(codec, i));
      for (const message of samples) link.send(message);
      const received: Encoded[] = [];
      while (received.length < samples.length) received.push(await peer.receive());
      // Requests overtake each other (PUB-7): within one the order is held to by what follows.
      const number = (message: Encoded) => samples.findIndex((each) => String(each) === String(message));
      if (requests) received.sort((a, b) => number(a) - number(b));
      expect(received).toEqual(samples);
      for (const message of samples) peer.send(message);
      await until(() => messages().length === samples.length);
      expect(messages()).toEqual(samples);
      expect(log.slice(0, opening.length)).toEqual(opening);
      expect(log.some(isClose)).toBe(false);
      link.close(1000);
      await peer.closed;
    });

    it('what the server had sent comes before the news that it ended it', async () => {
      const { log, until, peer } = await connected();
      peer.send('last');
      peer.close(4504, 'going-away');
      await until(() => log.length > opening.length + 1);
      const end = requests ? 'renew' : { close: { code: 4504, reason: 'going-away' } };
      expect(log.slice(0, opening.length + 2)).toEqual([...opening, { message: 'last' }, end]);
    });

    it('tells once that it was cut before anything came', async () => {
      const { link, log, until, peer } = await connected();
      peer.drop();
      await until((events) => events.some(isClose));
      link.close();
      expect(log.map((event) => (isClose(event) ? 'close' : event))).toEqual([...opening, 'close']);
    });

    it('tells once that it could not be opened', async () => {
      const { log, until } = start({ url: fixture.deadUrl });
      await until((events) => events.length > 0);
      expect(log).toHaveLength(1);
      expect(isClose(log[0])).toBe(true);
    });

    it('says nothing after it was closed, open or not', async () => {
      const unopened = start({ url: fixture.deadUrl });
      unopened.link.close();
      const { link, log, peer } = await connected();
      link.close(1000);
      link.send('late');
      peer.send('late');
      await peer.closed;
      // Work under way for the first link has ended when that of another one has.
      const dead = start({ url: fixture.deadUrl });
      await dead.until((events) => events.length > 0);
      expect([log, unopened.log]).toEqual([opening, []]);
    });

    if (requests) requestLinkContract(() => fixture);
  });
}
