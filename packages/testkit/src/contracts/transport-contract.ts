import type { CodecName, Encoded } from '@longwave/protocol';
import type { Link, LinkClose, Transport } from '@longwave/client';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';

/** The server's end of a link, as the test holds it. */
export interface TransportPeer {
  /** Resolves with the next message of the client. */
  receive(): Promise<Encoded>;
  send(message: Encoded): void;
  close(code: number, reason: string): void;
  /** Cuts the link without a word. */
  drop(): void;
  /** Resolves when the client's end is gone. */
  readonly closed: Promise<void>;
}

export interface TransportFixture {
  readonly transport: Transport;
  readonly url: string;
  /** Where nobody listens. */
  readonly deadUrl: string;
  /** Resolves with the next link that a client opens. */
  accept(): Promise<TransportPeer>;
  close(): void | Promise<void>;
}

/** What every transport of the client must do (`Transport` in `@longwave/client`). */
export function transportContract(name: string, open: () => TransportFixture | Promise<TransportFixture>): void {
  describe(`${name} as a transport`, () => {
    let fixture: TransportFixture;
    beforeEach(async () => {
      fixture = await open();
    });
    afterEach(() => fixture.close());

    const dial = (codec: CodecName = 'json', url = fixture.url) => {
      const log: (Encoded | LinkClose)[] = [];
      const waiting: (() => void)[] = [];
      let returned = false;
      const note = (entry: Encoded | LinkClose): void => {
        if (!returned) throw new Error('An event came before connect returned.');
        log.push(entry);
        for (const wake of waiting.splice(0)) wake();
      };
      const link: Link = fixture.transport.connect(url, codec, {
        onOpen: () => note('open'),
        onMessage: note,
        onRenew: () => undefined,
        onClose: note,
      });
      returned = true;
      const until = async (count: number): Promise<void> => {
        while (log.length < count) await new Promise<void>((resolve) => waiting.push(resolve));
      };
      return { link, log, until };
    };

    it.each(['json', 'binary'] as const)('WIRE-1: %s messages travel both ways, whole and in order', async (codec) => {
      const { link, log, until } = dial(codec);
      const peer = await fixture.accept();
      await until(1);
      const message = (i: number): Encoded => (codec === 'json' ? `{"n":${i},"é":"😀"}` : new Uint8Array([i, 0, 255]));
      for (let i = 0; i < 20; i++) link.send(message(i));
      for (let i = 0; i < 20; i++) expect(await peer.receive()).toEqual(message(i));
      for (let i = 0; i < 20; i++) peer.send(message(i));
      await until(21);
      expect(log).toEqual(['open', ...Array.from({ length: 20 }, (_, i) => message(i))]);
      link.close(1000);
      await peer.closed;
    });

    it('tells how the server closed it, after what the server had sent', async () => {
      const { log, until } = dial();
      const peer = await fixture.accept();
      await until(1);
      peer.send('last');
      peer.close(4504, 'going-away');
      await until(3);
      expect(log).toEqual(['open', 'last', { code: 4504, reason: 'going-away' }]);
    });

    it('tells that it was cut', async () => {
      const { log, until } = dial();
      const peer = await fixture.accept();
      await until(1);
      peer.drop();
      await until(2);
      expect(log).toHaveLength(2);
    });

    it('tells that it could not be opened', async () => {
      const { log, until } = dial('json', fixture.deadUrl);
      await until(1);
      expect(log).not.toContain('open');
      expect(log).toHaveLength(1);
    });

    it('says nothing after it was closed, open or not', async () => {
      const unopened = dial();
      unopened.link.close();
      const { link, log, until } = dial();
      const peer = await fixture.accept();
      await until(1);
      link.close(1000);
      peer.send('late');
      await peer.closed;
      expect([log, unopened.log]).toEqual([['open'], []]);
    });
  });
}
