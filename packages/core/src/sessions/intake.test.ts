import {
  type BadFrame,
  type ClientFrame,
  type Encoded,
  createClientCodec,
  createServerCodec,
  defineChannels,
  wireLimits,
} from '@longwave/protocol';
import { describe, expect, it } from 'vitest';
import { type Limits, defaultLimits } from '../base/limits.js';
import type { MaybePromise } from '../base/maybe-promise.js';
import type { LinkKind } from '../base/ports.js';
import { createStats } from '../base/stats.js';
import { Rates } from '../rates/rates.js';
import { createHarness } from '../testing/harness.js';
import { Intake, type IntakeHost } from './intake.js';

const client = createClientCodec('json');
const codec = createServerCodec('json');
const unsubscribe = (id: number): ClientFrame => ({ type: 'unsubscribe', id, channel: 'a' });
const history = (id: number): ClientFrame => ({ type: 'history', id, channel: 'a', limit: 10 });
const messageOf = (...frames: ClientFrame[]): Encoded => client.join(frames.map((frame) => client.encode(frame)));
const settled = () => new Promise<void>((resolve) => setImmediate(resolve));

/** A session that notes what it is told, and handles each frame as `handle` does. */
function setUp(kind: LinkKind = 'duplex', changed: Partial<Limits> = {}) {
  const { clock } = createHarness(defineChannels({}));
  const limits = { ...defaultLimits, framesPerSecond: Infinity, ...changed };
  const told: string[] = [];
  let onFrame: (id: number | undefined) => MaybePromise<void> = () => undefined;
  const host = {
    context: { limits, stats: createStats(), rates: new Rates(clock, limits), clock },
    ...{ identity: {}, kind, state: 'open' as IntakeHost['state'], writable: true, pendingUnits: 0 },
    wire: { codec, pack: (message: Encoded) => message as Uint8Array },
    handle: (frame: ClientFrame | BadFrame): MaybePromise<void> => {
      const id = 'id' in frame ? frame.id : undefined;
      told.push(`${frame.type} ${id}`);
      return onFrame(id);
    },
    endIfExpired: () => false,
    askForTurn: () => void told.push('ask for turn'),
    onHandled: () => undefined,
    onLookedAt: () => void told.push('looked at'),
    pauseReading: () => void told.push('pause'),
    resumeReading: () => void told.push('resume'),
    send: ({ type }) => void told.push(`send ${type}`),
    fail: (id, error) => void told.push(`fail ${id} ${(error as Error).message}`),
    end: (code) => {
      told.push(`end ${code}`);
      host.state = 'closed';
    },
    break: (error) => void told.push(`break ${String(error)}`),
  } satisfies IntakeHost as Omit<IntakeHost, 'state' | 'writable' | 'pendingUnits'> & {
    state: IntakeHost['state'];
    writable: boolean;
    pendingUnits: number;
    endIfExpired: () => boolean;
  };
  const intake = new Intake(host);
  const on = (work: (id: number | undefined) => MaybePromise<void>) => void (onFrame = work);
  return { intake, host, told, clock, on };
}

describe('SES-5: frames', () => {
  it('are handled as they come, each when the one before is done', async () => {
    const { intake, told, on } = setUp();
    let finish = (): void => undefined;
    on((id) => (id === 1 ? new Promise<void>((resolve) => (finish = resolve)) : undefined));
    intake.receive(messageOf(unsubscribe(1), unsubscribe(2)));
    intake.receive(messageOf(unsubscribe(3)));
    expect([told, intake.waits, intake.idle]).toEqual([['unsubscribe 1'], true, false]);
    finish();
    await settled();
    expect(told).toEqual(['unsubscribe 1', 'unsubscribe 2', 'unsubscribe 3', 'looked at']);
    expect([intake.waits, intake.idle]).toEqual([false, true]);
  });

  it('that fail are answered so, at once or later, and hinder no other', async () => {
    const { intake, told, on } = setUp();
    on((id) => {
      if (id === 1) throw new Error('now');
      return id === 2 ? Promise.reject(new Error('later')) : undefined;
    });
    intake.receive(messageOf(unsubscribe(1), unsubscribe(2), unsubscribe(3)));
    await settled();
    expect(told.filter((line) => line !== 'looked at')).toEqual([
      ...['unsubscribe 1', 'fail 1 now', 'unsubscribe 2', 'fail 2 later', 'unsubscribe 3'],
    ]);
  });

  it('behind which 64 wait hold the peer back until all are handled', async () => {
    const { intake, told, on } = setUp();
    let finish = (): void => undefined;
    on((id) => (id === 1 ? new Promise<void>((resolve) => (finish = resolve)) : undefined));
    intake.receive(messageOf(unsubscribe(1)));
    for (let id = 2; id < 65; id++) intake.receive(messageOf(unsubscribe(id)));
    expect(told).not.toContain('pause');
    intake.receive(messageOf(unsubscribe(65)));
    expect(told.at(-1)).toBe('pause');
    finish();
    for (let turn = 0; turn < 3; turn++) {
      await settled();
      intake.takeOn();
    }
    await settled();
    expect(told.filter((line) => line.startsWith('unsubscribe'))).toHaveLength(65);
    expect(told.slice(-2)).toEqual(['resume', 'looked at']);
  });

  it('of an identity that is over are not handled', () => {
    const { intake, host, told } = setUp();
    host.endIfExpired = () => true;
    intake.receive(messageOf(unsubscribe(1)));
    expect(told).toEqual([]);
  });

  it('are none once the session is closed', () => {
    const { intake, host, told } = setUp();
    host.state = 'closed';
    intake.receive(messageOf(unsubscribe(1)));
    expect(told).toEqual([]);
  });
});

describe('a turn', () => {
  it('ends after 32 frames: the rest waits for the next one, and the peer is not read from', async () => {
    const { intake, told } = setUp();
    const frames = Array.from({ length: 40 }, (_, i) => unsubscribe(i + 1));
    intake.receive(messageOf(...frames));
    expect(told.filter((line) => line.startsWith('unsubscribe'))).toHaveLength(32);
    expect(told.slice(-3)).toEqual(expect.arrayContaining(['pause', 'ask for turn']));
    intake.takeOn();
    await settled();
    expect(told.filter((line) => line.startsWith('unsubscribe'))).toHaveLength(40);
    expect(told).toContain('resume');
  });

  it('ends after 2 views', () => {
    const { intake, told } = setUp();
    intake.countView();
    expect(told).toEqual([]);
    intake.countView();
    expect(told).toEqual(['pause', 'ask for turn']);
  });

  it('has no end for a link made of requests, which has paid before', () => {
    const { intake, told } = setUp('upstream');
    intake.receive(messageOf(...Array.from({ length: 100 }, (_, i) => unsubscribe(i + 1))));
    expect(told).toHaveLength(100);
  });
});

describe('LIM-9: what would be answered', () => {
  it('waits while as much as a write carries is to be sent', async () => {
    const { intake, host, told } = setUp();
    host.pendingUnits = host.context.limits.chunkBytes;
    intake.receive(messageOf(unsubscribe(1)));
    expect(told).toEqual([]);
    host.pendingUnits = 0;
    host.writable = false;
    intake.takeOn();
    await settled();
    expect(told).toEqual([]);
    host.writable = true;
    intake.takeOn();
    await settled();
    expect(told).toEqual(['unsubscribe 1', 'looked at']);
  });

  it('of a downstream request does not wait, but for history', () => {
    const { intake, host, told } = setUp('downstream');
    host.pendingUnits = host.context.limits.chunkBytes;
    intake.receive(messageOf(unsubscribe(1), history(2), unsubscribe(3)));
    expect(told).toEqual(['unsubscribe 1']);
  });
});

describe('LIM-1: a peer beyond its rate', () => {
  it('is not read from until it has paid', () => {
    const { intake, told, clock } = setUp('duplex', { framesPerSecond: 10 });
    intake.receive(messageOf(...Array.from({ length: 11 }, (_, i) => unsubscribe(i + 1))));
    expect(told.filter((line) => line.startsWith('unsubscribe'))).toHaveLength(11);
    expect(told).toContain('pause');
    clock.advance(99);
    expect(told).not.toContain('resume');
    clock.advance(1);
    expect(told).toContain('resume');
  });

  it('LIM-11: pays a frame more for each 4,096 units of a message', () => {
    const { intake, told, clock } = setUp('duplex', { framesPerSecond: 10 });
    const padded = (units: number): string => messageOf(unsubscribe(1)).toString().padEnd(units);
    // One frame and nine: no more than may come at once.
    intake.receive(padded(10 * 4096 - 1));
    intake.takeOn();
    expect(told).not.toContain('ask for more');
    expect(told.filter((line) => line === 'pause')).toHaveLength(1);
    expect(told).toContain('resume');
    intake.receive(padded(2 * 4096));
    intake.takeOn();
    expect(told.slice(-1)).not.toContain('resume');
    clock.advance(299);
    expect(told.filter((line) => line === 'resume')).toHaveLength(1);
    clock.advance(1);
    expect(told.filter((line) => line === 'resume')).toHaveLength(2);
  });

  it('pays ten frames for a page of history', () => {
    const { intake, told, clock } = setUp('duplex', { framesPerSecond: 10 });
    intake.receive(messageOf(history(1), unsubscribe(2)));
    expect(told).toContain('pause');
    clock.advance(100);
    expect(told).toContain('resume');
  });
});

describe('LIM-13: a view', () => {
  it('LIM-13: pays as five frames, over a connection', () => {
    const { intake, told, clock } = setUp('duplex', { framesPerSecond: 10 });
    for (let id = 1; id <= 3; id++) {
      intake.receive(messageOf(unsubscribe(id)));
      intake.countView();
      intake.takeOn();
    }
    // Fifteen, and ten may come at once.
    const last = () => told.findLast((line) => line === 'pause' || line === 'resume');
    expect(last()).toBe('pause');
    clock.advance(499);
    expect(last()).toBe('pause');
    clock.advance(1);
    expect(last()).toBe('resume');
  });
});

describe('a peer that keeps to no rule', () => {
  it('ends with a message that is too large', () => {
    const { intake, told } = setUp('duplex', { messageBytes: 10 });
    intake.receive(messageOf(unsubscribe(1)));
    expect(told).toEqual(['end too-large']);
  });

  it('ends with too many frames in a message, of which none is handled', () => {
    const { intake, told } = setUp('duplex', { messageBytes: 10_000_000 });
    const count = wireLimits.framesPerMessage + 1;
    intake.receive(messageOf(...Array.from({ length: count }, (_, i) => unsubscribe(i + 1))));
    expect(told).toEqual(['end too-many']);
  });

  it('WIRE-6: ends with the last bad frame that is borne', () => {
    const { intake, told } = setUp('duplex', { badFrames: 3 });
    intake.countBadFrame();
    intake.countBadFrame();
    expect(told).toEqual([]);
    intake.countBadFrame();
    expect(told).toEqual(['end bad-frame']);
  });
});

it('reading goes on only when every reason to hold it back is over', () => {
  const { intake, told, clock } = setUp('duplex', { framesPerSecond: 1 });
  const held = () => told.filter((name) => name === 'pause' || name === 'resume');
  intake.block();
  intake.receive(messageOf(unsubscribe(1), unsubscribe(2)));
  intake.block();
  expect([held(), intake.isBeyondRate]).toEqual([['pause'], true]);
  intake.unblock();
  clock.advance(999);
  expect(held()).toEqual(['pause']);
  clock.advance(1);
  expect([held(), intake.isBeyondRate]).toEqual([['pause', 'resume'], false]);
  intake.unblock();
  expect(held()).toEqual(['pause', 'resume']);
});

it('whatever comes counts as a sign of life', () => {
  const { intake } = setUp();
  intake.silentBeats = 2;
  intake.receive(messageOf({ type: 'ping' }));
  expect(intake.silentBeats).toBe(0);
});

it('HTTP-6: frames of a request have their cost', () => {
  const { intake } = setUp('upstream');
  intake.take([unsubscribe(1), history(2)]);
  expect(intake.cost()).toBe(11);
});
