import type { ClientFrame, MessageMeta, ServerFrame } from '@longwave/protocol';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { Harness, messageFrame, operations, subscribedFrame } from '../testing/harness.js';
import { settle, startLate } from '../testing/late-parts.js';

/** What the network and the server do to a client. */
type Step =
  | { readonly do: 'append'; readonly count: number }
  | { readonly do: 'deliver'; readonly at: number }
  | { readonly do: 'lose'; readonly at: number }
  | { readonly do: 'repeat'; readonly at: number }
  | { readonly do: 'answer' }
  | { readonly do: 'drop' }
  | { readonly do: 'trim'; readonly count: number }
  | { readonly do: 'top' }
  | { readonly do: 'join'; readonly back: number }
  | { readonly do: 'wait'; readonly ms: number };

const steps = fc.array(
  fc.oneof(
    fc.record({ do: fc.constant('append' as const), count: fc.integer({ min: 1, max: 5 }) }),
    fc.record({ do: fc.constantFrom('deliver' as const, 'lose' as const, 'repeat' as const), at: fc.nat(20) }),
    fc.constant({ do: 'answer' as const }),
    fc.constant({ do: 'answer' as const }),
    fc.constant({ do: 'drop' as const }),
    fc.record({ do: fc.constant('trim' as const), count: fc.integer({ min: 1, max: 8 }) }),
    fc.constant({ do: 'top' as const }),
    fc.record({ do: fc.constant('join' as const), back: fc.nat(10) }),
    fc.record({ do: fc.constant('wait' as const), ms: fc.integer({ min: 1, max: 3_000 }) }),
  ),
  { maxLength: 80 },
) satisfies fc.Arbitrary<Step[]>;

interface Reader {
  /** The offset that has to come next, known from `subscribed` or a reset. */
  next: number | undefined;
  seen: number;
}

/** A log of one epoch, behind a network that loses, repeats and reorders messages but not answers. */
class World {
  readonly h: Harness;
  readonly readers: Reader[] = [];
  /** What the application saw and should not have. */
  readonly problems: string[] = [];
  readonly #messages: ServerFrame[] = [];
  readonly #requests: ClientFrame[] = [];
  #top = 3;
  #floor = 0;

  constructor(h = new Harness()) {
    this.h = h;
    this.join(0);
    this.#requests.push(...this.h.accept());
  }

  join(back: number): void {
    const reader: Reader = { next: undefined, seen: 0 };
    this.readers.push(reader);
    const offset = Math.max(0, this.#top - back);
    this.h.client.channel('a').subscribe(
      {
        from: { epoch: 'e1', offset },
        onSubscribed: ({ position }) => (reader.next ??= position.offset + 1),
        onReset: ({ reason, position }) => {
          const expected = reader.next ?? offset + 1;
          // Never needless: something was really gone.
          const honest = reason === 'trimmed' && position.offset >= expected && position.offset <= this.#floor;
          if (!honest) this.problems.push(`${reason} to ${position.offset}, expected ${expected}`);
          reader.next = position.offset + 1;
        },
        onEnd: ({ code }) => code !== 'closed' && this.problems.push(code),
      },
      (data: unknown, { offset: at, epoch }: MessageMeta) => {
        if (at !== reader.next || data !== at || epoch !== 'e1') this.problems.push(`${at}, expected ${reader.next}`);
        reader.next = at + 1;
        reader.seen++;
      },
    );
  }

  step(step: Step): void {
    const { h } = this;
    switch (step.do) {
      case 'append':
        this.#messages.push(messageFrame('a', this.#top + 1, this.#top + step.count));
        this.#top += step.count;
        break;
      case 'deliver':
      case 'lose':
      case 'repeat': {
        const index = this.#messages.length > 0 ? step.at % this.#messages.length : 0;
        const frame = this.#messages[index];
        if (!frame) break;
        if (step.do !== 'lose') h.link.say(frame);
        if (step.do !== 'repeat') this.#messages.splice(index, 1);
        break;
      }
      case 'answer':
        this.#answer();
        break;
      case 'drop':
        this.#messages.length = 0;
        this.#requests.length = 0;
        h.link.drop();
        this.#requests.push(...h.reaccept());
        break;
      case 'trim':
        this.#floor = Math.min(this.#top, this.#floor + step.count);
        break;
      case 'top':
        h.link.say({ type: 'top', channel: 'a', epoch: 'e1', offset: this.#top });
        break;
      case 'join':
        this.join(step.back);
        break;
      case 'wait':
        h.clock.advance(step.ms);
        h.link.say({ type: 'pong' });
        break;
    }
    this.#requests.push(...h.link.take());
  }

  /** The network behaves from now on, in this step and the next ones. */
  *settle(): Iterable<void> {
    this.#messages.length = 0;
    for (let i = 0; i < 100; i++) {
      this.step({ do: 'answer' });
      while (this.#messages.length > 0) this.step({ do: 'deliver', at: 0 });
      if (i % 10 === 9) this.step({ do: 'top' });
      this.step({ do: 'wait', ms: 500 });
      yield;
    }
  }

  /** Everybody has to be at the top. */
  end(): void {
    for (const { next } of this.readers) {
      if (next !== this.#top + 1) this.problems.push(`stands before ${next}, the log ends at ${this.#top}`);
    }
    this.h.client.close();
    if (this.h.clock.timers > 0) this.problems.push('timers are left');
    if (this.h.errors.length > 0) this.problems.push(String(this.h.errors));
  }

  #answer(): void {
    const request = this.#requests.shift();
    const { h } = this;
    if (request?.type === 'subscribe') {
      const asked = request.offset ?? this.#top;
      const trimmed = asked < this.#floor;
      const offset = trimmed ? this.#floor : asked;
      h.link.say(subscribedFrame(request, offset, { top: this.#top, ...(trimmed && { reset: 'trimmed' as const }) }));
      if (offset < this.#top) this.#messages.push(messageFrame('a', offset + 1, this.#top));
    } else if (request?.type === 'history') {
      const after = Math.max(request.after ?? 0, this.#floor);
      const ops = operations(after + 1, Math.min(this.#top, after + 4));
      const { id, channel } = request;
      h.link.say({
        type: 'page',
        id,
        channel,
        epoch: 'e1',
        offset: after + 1,
        ops,
        floor: this.#floor,
        top: this.#top,
      });
    }
  }
}

describe('continuity', () => {
  it('CLI-4 G2 G3: whatever is lost, repeated, reordered, trimmed or cut, each reader sees a contiguous run between resets, and ends at the top', () => {
    fc.assert(
      fc.property(steps, (run) => {
        const world = new World();
        for (const step of run) world.step(step);
        for (const _ of world.settle());
        world.end();
        expect(world.problems).toEqual([]);
      }),
      { numRuns: 500 },
    );
  });

  it('CLI-21: so it is where the part that reads the log comes in the midst of it, or fails to', async () => {
    const loads = fc.array(fc.tuple(fc.nat(20), fc.boolean()), { maxLength: 5 });
    const run = fc.asyncProperty(steps, loads, async (all, coming) => {
      const { h, loads: attempts } = startLate();
      const world = new World(h);
      const pending = coming.map(([afterSteps, comes]) => ({ afterSteps, comes }));
      for (const step of all) {
        world.step(step);
        const next = pending[0];
        if (next && attempts.sending.length > 0 && --next.afterSteps < 0) {
          pending.shift();
          attempts.sending.pop()![next.comes ? 'give' : 'fail']();
        }
        await settle();
      }
      // One that failed is tried again within seconds.
      for (const _ of world.settle()) {
        attempts.sending.pop()?.give();
        await settle();
      }
      world.end();
      expect(world.problems).toEqual([]);
    });
    await fc.assert(run, { numRuns: 200 });
  });
});
