import { beforeEach, describe, expect, it } from 'vitest';
import { ChannelBook } from './channel-book.js';
import { type Excuse, excusedUntil } from './excuses.js';
import { type StoreRules, type Tally, emptyTally, judge } from './judge.js';
import { codeOf } from './message-code.js';
import { type Start, SubscriptionCheck } from './subscription-check.js';
import { Violations } from './violations.js';

const durable: StoreRules = { forgets: false, losesTail: false, excuses: [], retainCount: 100 };

let now = 0;
let violations: Violations;
let book: ChannelBook;
let tally: Tally;
beforeEach(() => {
  now = 0;
  violations = new Violations(() => now);
  book = new ChannelBook('log/a', violations);
  tally = emptyTally();
});

const message = (n: number, p = 1): number => codeOf({ p, n });
const found = (): Record<string, number> => Object.fromEntries(violations.counts);

function subscribe(start: Start = { last: 0 }): SubscriptionCheck {
  return new SubscriptionCheck(
    { where: 'somebody', book, violations, channelOf: (stream) => (stream === 9 ? 'log/b' : 'log/a') },
    start,
  );
}

/** A subscription that saw 1 to `count`, all acknowledged. */
function watched(count: number, epoch = 'a'): SubscriptionCheck {
  const check = subscribe();
  check.subscribed({ epoch, offset: 0 }, 0);
  for (let n = 1; n <= count; n++) {
    book.noteAcked({ epoch, offset: n }, message(n));
    check.delivered(epoch, n, message(n));
  }
  return check;
}

const end = (epoch: string, top: number, rules: Partial<StoreRules> = {}): void =>
  judge(book, { epoch, floor: 0, top }, { ...durable, ...rules }, violations, tally);

it('finds nothing where all is well', () => {
  watched(50);
  end('a', 50);
  expect(found()).toEqual({});
  expect(tally).toMatchObject({ stored: 50, acked: 50, unwitnessed: 0 });
});

describe('a subscription', () => {
  it('must not pass over an operation', () => {
    watched(3).delivered('a', 5, message(5));
    expect(found()).toEqual({ 'silent-gap': 1 });
  });

  it('must not see one twice', () => {
    watched(3).delivered('a', 2, message(2));
    expect(found()).toEqual({ duplicated: 1 });
  });

  it('must not go on in another log without a reset', () => {
    watched(3).delivered('b', 4, message(4));
    expect(found()).toEqual({ 'silent-gap': 1 });
  });

  it('may go on in a log that went on from its own', () => {
    watched(3).delivered('a~3.b', 4, message(4));
    end('a~3.b', 4);
    expect(found()).toEqual({});
    expect(tally.stored).toBe(4);
  });

  it('must not go on where its end was lost without a reset', () => {
    watched(5).delivered('a~3.b', 6, message(6));
    expect(found()).toEqual({ 'silent-gap': 1 });
  });

  it('is told of a lost end by a reset, which a store that loses ends may do', () => {
    const check = watched(5);
    check.reset('truncated', { epoch: 'a', offset: 5 }, { epoch: 'a~3.b', offset: 3 });
    check.delivered('a~3.b', 4, message(6));
    end('a~3.b', 4, { losesTail: true });
    expect(found()).toEqual({});
    expect(tally).toMatchObject({ announcedLosses: 2, resets: { truncated: 1 }, stored: 4 });
  });

  it('sees what others see at the same place', () => {
    watched(3);
    const check = subscribe();
    check.subscribed({ epoch: 'a', offset: 0 }, 0);
    check.delivered('a', 1, message(2));
    check.delivered('a', 2, message(77));
    expect(found()).toEqual({ reordered: 1, corrupted: 1 });
  });

  it('gets nothing of another channel', () => {
    watched(3).delivered('a', 4, message(1, 9));
    expect(found()).toEqual({ 'wrong-channel': 1 });
  });

  it('begins where it was asked to', () => {
    const check = subscribe({ last: 5 });
    check.subscribed({ epoch: 'a', offset: 20 }, 4);
    expect(found()).toEqual({ 'silent-gap': 1 });
  });

  it('resumes where it stood', () => {
    const check = subscribe({ epoch: 'a', offset: 7 });
    check.subscribed({ epoch: 'a', offset: 8 }, 0);
    expect(found()).toEqual({ 'silent-gap': 1 });
  });
});

describe('a reset', () => {
  it('is needless where the log has everything', () => {
    watched(5).reset('truncated', { epoch: 'a', offset: 5 }, { epoch: 'a~9.b', offset: 9 });
    expect(found()).toEqual({ 'needless-reset': 1 });
  });

  it('is needless where a store that forgets nothing begins anew', () => {
    watched(5).reset('epoch-changed', { epoch: 'a', offset: 5 }, { epoch: 'b', offset: 0 });
    end('b', 0);
    expect(found()).toEqual({ 'needless-reset': 1, lost: 5 });
  });

  it('is right where it forgets', () => {
    watched(5).reset('epoch-changed', { epoch: 'a', offset: 5 }, { epoch: 'b', offset: 0 });
    end('b', 0, { forgets: true });
    expect(found()).toEqual({});
    expect(tally.announcedLosses).toBe(5);
  });

  it('skips no more than is gone', () => {
    const check = subscribe({ epoch: 'a', offset: 10 });
    check.reset('trimmed', { epoch: 'a', offset: 10 }, { epoch: 'a', offset: 151 });
    end('a', 250);
    expect(found()).toEqual({ 'needless-reset': 1 });
  });

  it('skips what is trimmed', () => {
    const check = subscribe({ epoch: 'a', offset: 10 });
    check.reset('trimmed', { epoch: 'a', offset: 10 }, { epoch: 'a', offset: 140 });
    end('a', 250);
    expect(found()).toEqual({});
  });

  it('names where the subscription stood', () => {
    watched(5).reset('epoch-changed', { epoch: 'a', offset: 4 }, { epoch: 'b', offset: 0 });
    expect(found()).toEqual({ 'silent-gap': 1 });
  });
});

describe('an ack', () => {
  it('is of what is delivered there', () => {
    watched(5);
    book.noteAcked({ epoch: 'a', offset: 6 }, message(100));
    const check = subscribe();
    check.subscribed({ epoch: 'a', offset: 5 }, 0);
    check.delivered('a', 6, message(6));
    end('a', 6);
    expect(found()).toEqual({ lost: 1 });
  });

  it('is of no other place', () => {
    watched(5);
    book.noteAcked({ epoch: 'a', offset: 7 }, message(6));
    const check = subscribe();
    check.subscribed({ epoch: 'a', offset: 5 }, 0);
    check.delivered('a', 6, message(6));
    check.delivered('a', 7, message(7));
    end('a', 7);
    expect(found()).toEqual({ 'wrong-ack': 1 });
  });

  it('is of one message alone', () => {
    book.noteAcked({ epoch: 'a', offset: 1 }, message(1));
    book.noteAcked({ epoch: 'a', offset: 1 }, message(2));
    expect(found()).toEqual({ lost: 1 });
  });

  it('is of what the log still has', () => {
    watched(5);
    end('a', 4);
    expect(found()).toEqual({ lost: 1 });
  });
});

describe('the log', () => {
  it('has each message once', () => {
    const check = watched(5);
    check.delivered('a', 6, message(3));
    end('a', 6);
    expect(found()).toEqual({ duplicated: 1 });
  });

  it('has those of a stream in the order of publishing', () => {
    const check = subscribe();
    check.subscribed({ epoch: 'a', offset: 0 }, 0);
    check.delivered('a', 1, message(2));
    check.delivered('a', 2, message(1));
    end('a', 2);
    expect(found()).toEqual({ reordered: 1 });
  });
});

it('puts together what several processes saw', () => {
  watched(5);
  const other = new ChannelBook('log/a', violations);
  const check = new SubscriptionCheck({ where: 'elsewhere', book: other, violations, channelOf: () => 'log/a' }, 'now');
  check.subscribed({ epoch: 'a', offset: 5 }, 0);
  check.delivered('a', 6, message(6));
  other.noteAcked({ epoch: 'a', offset: 7 }, message(7));
  check.reset('truncated', { epoch: 'a', offset: 6 }, { epoch: 'a~5.b', offset: 5 });
  book.absorb(structuredClone(other.dump()));
  end('a~5.b', 5, { losesTail: true });
  expect(found()).toEqual({});
  expect(tally).toMatchObject({ acked: 6, announcedLosses: 1, stored: 5, resets: { truncated: 1 } });
});

it('knows what two logs share that went on from the same one', () => {
  const relation = (offset: number) => book.lineage.relation({ epoch: 'a~10.b', offset }, 'a~8.c');
  book.lineage.learn('a~8.c');
  expect([relation(8), relation(9), relation(12)]).toEqual(['continues', 'truncated', 'truncated']);
});

it('takes a reset for needless though the store cannot know better, where the epochs prove that all is there', () => {
  watched(5, 'a');
  const check = subscribe({ epoch: 'a~5.b', offset: 5 });
  check.reset('epoch-changed', { epoch: 'a~5.b', offset: 5 }, { epoch: 'a~5.c', offset: 0 });
  expect(found()).toEqual({ 'needless-reset': 1 });
});

it('finds no fault with what an epoch can no longer tell', () => {
  const full = 'b~0.c~0.d~0.e~0.f~0.g~0.h~0.i';
  const check = subscribe({ epoch: 'a', offset: 0 });
  check.delivered(full, 1, message(1));
  expect(found()).toEqual({});
  expect(book.lineage.relation({ epoch: 'a', offset: 0 }, 'b~0.c')).toBe('other');
});

it('follows logs beyond the parts that one epoch names', () => {
  const parts = Array.from({ length: 20 }, (_, i) => (i === 0 ? 'e0' : `${i * 10}.e${i}`));
  for (let i = 1; i <= parts.length; i++) book.lineage.learn(parts.slice(Math.max(0, i - 3), i).join('~'));
  const last = parts.slice(-3).join('~');
  expect(book.lineage.ownerOf(last, 5)).toBe('e0');
  expect(book.lineage.ownerOf(last, 15)).toBe('e1');
  expect(book.lineage.relation({ epoch: 'e0', offset: 10 }, last)).toBe('continues');
  expect(book.lineage.relation({ epoch: 'e0', offset: 11 }, last)).toBe('truncated');
  expect(book.lineage.relation({ epoch: 'x', offset: 1 }, last)).toBe('other');
});

describe('what an operator did', () => {
  const excuse = (more: Partial<Excuse> = {}): Excuse => ({
    ...{ consequence: 'forgets', from: 100, to: 200, touches: (channel) => channel === 'log/a' },
    ...more,
  });
  /** The log begins anew at that time, and goes on. */
  const beginAnew = (at: number): void => {
    const check = watched(3);
    now = at;
    check.reset('epoch-changed', { epoch: 'a', offset: 3 }, { epoch: 'b', offset: 0 });
    book.noteAcked({ epoch: 'b', offset: 1 }, message(4));
    check.delivered('b', 1, message(4));
  };

  it('excuses the reset of a log that began anew in its time, and what was lost with the one before', () => {
    beginAnew(150);
    end('b', 1, { excuses: [excuse()] });
    expect(found()).toEqual({});
    expect(tally.announcedLosses).toBe(3);
  });

  it.each([
    ['before it', 50, excuse()],
    ['long after it', 250, excuse()],
    ['of another channel', 150, excuse({ touches: (channel) => channel === 'log/b' })],
  ] as const)('excuses none %s', (_name, at, given) => {
    beginAnew(at);
    end('b', 1, { excuses: [given] });
    expect(found()).toEqual({ 'needless-reset': 1, lost: 3 });
  });

  it('excuses no loss that is of another kind', () => {
    beginAnew(150);
    end('b', 1, { excuses: [excuse({ consequence: 'losesTail' })] });
    expect(found()).toEqual({ lost: 3 });
  });

  it('excuses who learns of it late: it is the log that counts', () => {
    const away = subscribe();
    away.subscribed({ epoch: 'a', offset: 0 }, 0);
    beginAnew(150);
    now = 9000;
    away.reset('epoch-changed', { epoch: 'a', offset: 0 }, { epoch: 'b', offset: 0 });
    end('b', 1, { excuses: [excuse()] });
    expect(found()).toEqual({});
  });

  it('excuses no gap that nobody was told of', () => {
    const check = watched(3);
    now = 150;
    check.delivered('b', 1, message(4));
    end('b', 1, { excuses: [excuse()] });
    expect(found()).toEqual({ 'silent-gap': 1 });
  });

  it('may be noticed later, where something else is wrong meanwhile', () => {
    const act = { from: 1000, to: 1100 };
    expect(excusedUntil(act, [act])).toBe(9100);
    expect(excusedUntil(act, [act, { from: 5000, to: 9000 }, { from: 16_000, to: 17_000 }])).toBe(25_000);
    expect(excusedUntil(act, [act, { from: 0, to: 500 }, { from: 10_000, to: 11_000 }])).toBe(9100);
  });
});
