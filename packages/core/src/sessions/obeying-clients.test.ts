import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { type ClientFrame, defineChannels, log } from '@longwave/protocol';
import type { Clock } from '../base/ports.js';
import { Rates, maxRequestWaitMs } from '../rates/rates.js';
import { createHarness } from '../testing/harness.js';
import { defaultLimits } from '../base/limits.js';

const channels = defineChannels({ 'chat/:room': log() });
const rate = fc.integer({ min: 1, max: 2000 });

/** The client asks for a stream or a poll with all its subscriptions and sends bursts; told to wait, it waits just so long. */
const plan = fc.record({
  framesPerSecond: rate,
  subscriptions: fc.integer({ min: 1, max: 256 }),
  route: fc.constantFrom('stream' as const, { holdMs: 25_000, atOnce: true }),
  codec: fc.constantFrom('json' as const, 'binary' as const),
  bursts: fc.array(fc.integer({ min: 1, max: 120 }), { minLength: 1, maxLength: 12 }),
});

async function waited(clock: { advance(ms: number): void; turn(): void }): Promise<void> {
  clock.advance(maxRequestWaitMs);
  for (let i = 0; i < 10; i++) await Promise.resolve();
  clock.turn();
}

describe('clients that obey', () => {
  it('HTTP-6, LIM-1: one that waits for as long as it is told is refused once a request at most, and gets all of it through', async () => {
    await fc.assert(
      fc.asyncProperty(plan, async ({ framesPerSecond, subscriptions, route, codec, bursts }) => {
        const { request, clock, engine } = createHarness(channels, {
          limits: { framesPerSecond, addressFramesPerSecond: Infinity },
        });
        const begun = clock.now();
        let [turn, seq, cost, largest] = [0, 0, 0, 0];
        const ask = async (on: typeof route | 'send', frames: ClientFrame[], costs: number): Promise<void> => {
          for (let attempt = 1; ; attempt++) {
            const answer = request(on, [{ type: 'connect', version: 1, client: 'c', turn: ++turn }, ...frames], codec);
            const [first] = answer.frames;
            if (first?.type !== 'error') {
              // It is let in within a second.
              if (!first) await waited(clock);
              expect(answer.frames[0]).toMatchObject({ type: 'connected' });
              expect(answer.types).not.toContain('error');
              cost += costs;
              largest = Math.max(largest, costs);
              return;
            }
            expect([attempt, first.code]).toEqual([1, 'rate-limited']);
            clock.advance(first.retryAfterMs!);
          }
        };
        for (const burst of bursts) {
          const again = turn > 0;
          const all = Array.from({ length: subscriptions }, (_, i): ClientFrame => {
            return { type: 'subscribe', id: i + 1, channel: `chat/r${i}`, again: again || undefined };
          });
          await ask(route, all, 1 + subscriptions * (again ? 1 / 8 : 1));
          const publishes = Array.from({ length: burst }, (): ClientFrame => {
            return { type: 'publish', id: ++seq, seq, channel: 'chat/r0', data: seq };
          });
          await ask('send', publishes, 1 + burst);
        }
        const seconds = (clock.now() - begun) / 1000;
        expect(engine.stats.published).toBe(seq);
        // Nobody has more than the rate, a second's worth at once and the debt of one request; nobody waits for what is not theirs.
        expect(cost).toBeLessThanOrEqual(framesPerSecond * (seconds * 1.01 + 1 + maxRequestWaitMs / 1000) + largest);
        expect(seconds).toBeLessThanOrEqual(cost / framesPerSecond + (maxRequestWaitMs / 1000) * 2 * bursts.length + 1);
      }),
      { numRuns: 60 },
    );
  });

  it('LIM-1, LIM-5: a connection that sends only while it is read from gets all of it through at its rate', () => {
    fc.assert(
      fc.property(rate, fc.array(fc.integer({ min: 1, max: 120 }), { maxLength: 40 }), (framesPerSecond, bursts) => {
        const { connect, clock, engine } = createHarness(channels, { limits: { framesPerSecond } });
        const peer = connect();
        const begun = clock.now();
        let seq = 0;
        for (const burst of bursts) {
          while (peer.calls.at(-1) === 'pause') clock.advance(100);
          const frames = Array.from({ length: burst }, (): ClientFrame => {
            return { type: 'publish', id: ++seq, seq, channel: 'chat/a', data: seq };
          });
          peer.send(...frames);
          clock.turn();
        }
        const seconds = (clock.now() - begun) / 1000;
        expect(engine.stats.published).toBe(seq);
        expect(peer.take('error')).toEqual([]);
        expect(seq).toBeLessThanOrEqual(framesPerSecond * (seconds * 1.01 + 1) + 120);
        expect(seconds).toBeLessThanOrEqual(seq / framesPerSecond + bursts.length * 0.2);
      }),
      { numRuns: 60 },
    );
  });

  it('HTTP-6, HTTP-8, LIM-2: many that share a rate all get through, and together have no more than it', () => {
    const asks = fc.array(fc.array(fc.integer({ min: 1, max: 1024 }), { minLength: 1, maxLength: 6 }), {
      minLength: 1,
      maxLength: 8,
    });
    fc.assert(
      fc.property(rate, rate, fc.boolean(), asks, (own, shared, anonymous, plans) => {
        let now = 0;
        const clock = { now: () => now } as Clock;
        const limits = {
          ...defaultLimits,
          ...{ framesPerSecond: own, addressFramesPerSecond: shared, userFramesPerSecond: shared },
        };
        const rates = new Rates(clock, limits);
        const clients = plans.map((costs, n) => ({ n, costs: [...costs], at: 0 }));
        const all = plans.flat().reduce((sum, cost) => sum + cost, 0);
        let [admitted, largest, refusals] = [0, 0, 0];
        for (;;) {
          const [next] = clients.filter(({ costs }) => costs.length > 0).toSorted((a, b) => a.at - b.at);
          if (!next) break;
          now = Math.max(now, next.at);
          const cost = next.costs[0]!;
          const who = anonymous ? { clientKey: undefined, user: undefined } : { clientKey: `${next.n}`, user: 'ada' };
          const wait = rates.request({ ...who, cost: () => cost, info: { remoteAddress: '192.0.2.1' } });
          next.at = now + Math.ceil(wait);
          if (wait > maxRequestWaitMs) {
            refusals++;
            continue;
          }
          next.costs.shift();
          admitted += cost;
          largest = Math.max(largest, cost);
          const burst = anonymous ? 5 * shared : shared;
          expect(admitted).toBeLessThanOrEqual(
            burst + largest + shared * ((now / 1000) * 1.01 + maxRequestWaitMs / 1000),
          );
        }
        expect(admitted).toBe(all);
        const requests = plans.flat().length;
        // Each is refused at most once for each that was let in before it.
        expect(refusals).toBeLessThanOrEqual(requests * plans.length);
        expect(now / 1000).toBeLessThanOrEqual(all / Math.min(own, shared) + requests * (maxRequestWaitMs / 1000));
      }),
      { numRuns: 300 },
    );
  });
});
