import { createJsonClientCodec } from '@longwave/protocol';
import { describe, expect, it } from 'vitest';
import { TokenSource } from '../connection/token-source.js';
import { FrameSender } from '../connection/frame-sender.js';
import type { Diagnostic, Ports } from '../base/ports.js';
import { VirtualClock } from '../testing/virtual-clock.js';
import { Requests } from './requests.js';
import { TokenRefresher } from './token-refresher.js';

const settled = () => new Promise<void>((resolve) => setImmediate(resolve));

function setUp(token: string | (() => string | Promise<string>) | undefined) {
  const clock = new VirtualClock();
  const diagnostics: Diagnostic[] = [];
  const sent: unknown[] = [];
  const sender = new FrameSender({
    codec: createJsonClientCodec(),
    clientId: 'client-1',
    bytesPerSecond: 5,
    params: undefined,
  });
  sender.attach({ send: (message) => void sent.push(JSON.parse(message as string)), close: () => undefined });
  sender.connected = true;
  const requests = new Requests(sender, clock);
  const ports = { clock, onDiagnostic: (told: Diagnostic) => void diagnostics.push(told) } as unknown as Ports;
  const refresher = new TokenRefresher(ports, new TokenSource(token), requests, sender);
  return { clock, diagnostics, sent, sender, requests, refresher };
}

describe('SES-6: an identity', () => {
  it.each([
    ['60 s before its end', 200_000, 140_000],
    ['at half its time, if that is later', 40_000, 20_000],
    ['no sooner than after 5 s, whatever its time', 1_000, 5_000],
  ])('is renewed %s', (_, expiresInMs, afterMs) => {
    const { refresher, clock, sent } = setUp(() => 'next');
    refresher.start(expiresInMs);
    clock.advance(afterMs - 1);
    expect(sent).toEqual([]);
    clock.advance(1);
    expect(sent).toHaveLength(1);
  });

  it('that does not end, or cannot be had anew, is left as it is', () => {
    const endless = setUp(() => 'next');
    endless.refresher.start(undefined);
    const fixed = setUp('always');
    fixed.refresher.start(1_000);
    expect([endless.clock.timers, fixed.clock.timers]).toEqual([0, 0]);
  });

  it('is not renewed once its connection is over', () => {
    const { refresher, clock, sent } = setUp(() => 'next');
    refresher.start(100_000);
    refresher.stop();
    clock.advance(200_000);
    expect(sent).toEqual([]);
  });

  it('is renewed again after what the server says of it', async () => {
    const { refresher, clock, sender, sent } = setUp(() => 'next');
    refresher.start(100_000);
    clock.advance(50_000);
    sender.answers.settle(1, { type: 'done', id: 1, expiresInMs: 60_000 });
    await settled();
    clock.advance(29_999);
    expect(sent).toHaveLength(1);
    clock.advance(1);
    expect(sent).toHaveLength(2);
  });

  it('is tried again after 5 s where it could not be renewed, and the application is told', async () => {
    let refusing = true;
    const { refresher, clock, diagnostics, sent } = setUp(() => {
      if (refusing) throw new Error('no token today');
      return 'next';
    });
    refresher.start(100_000);
    clock.advance(70_000);
    await settled();
    expect(diagnostics).toMatchObject([{ kind: 'token', cause: { code: 'unauthenticated' } }]);
    refusing = false;
    clock.advance(4_999);
    expect(sent).toEqual([]);
    clock.advance(1);
    expect(sent).toHaveLength(1);
  });
});

describe('refresh()', () => {
  it('sends the token, and is done with the answer: from then on requests carry that token', async () => {
    const { refresher, sender, sent } = setUp(async () => 'next');
    sender.token = 'first';
    const done = refresher.refresh();
    await settled();
    expect([sent, sender.token]).toEqual([[{ type: 'refresh', id: 1, token: 'next' }], 'first']);
    sender.answers.settle(1, { type: 'done', id: 1 });
    await done;
    expect(sender.token).toBe('next');
  });

  it('fails where there is no token, and leaves no request behind', async () => {
    const { refresher, clock, sent } = setUp(undefined);
    await expect(refresher.refresh()).rejects.toMatchObject({ code: 'unauthenticated' });
    expect([sent, clock.timers]).toEqual([[], 0]);
  });

  it('fails with what the server says, and keeps the token before', async () => {
    const { refresher, sender } = setUp(() => 'next');
    sender.token = 'first';
    const done = refresher.refresh();
    sender.answers.settle(1, { type: 'error', id: 1, code: 'unauthenticated', message: 'No.' });
    await expect(done).rejects.toMatchObject({ code: 'unauthenticated' });
    expect(sender.token).toBe('first');
  });

  it('fails after 30 s without an answer', async () => {
    const { refresher, clock } = setUp(() => new Promise<string>(() => undefined));
    const done = refresher.refresh();
    clock.advance(30_000);
    await expect(done).rejects.toMatchObject({ code: 'timeout' });
  });
});
