import { describe, expect, it } from 'vitest';
import { Harness, messageFrame, only, operations, subscribedFrame } from '../testing/harness.js';
import { live, position, record } from '../testing/recorder.js';

describe('catching up', () => {
  const page = (id: number, from: number, to: number, floor: number, top: number, epoch = 'e1') =>
    ({ type: 'page', id, channel: 'a', epoch, offset: from, ops: operations(from, to), floor, top }) as const;
  const historyOf = (h: Harness) => only(h.link.take()[0], 'history');

  it('CLI-5: reads pages from its own start until it stands with the others, without gap or duplicate', () => {
    const { h, log } = live('now', 10);
    const late = record(h, position(2));
    const first = historyOf(h);
    expect(first).toMatchObject({ channel: 'a', epoch: 'e1', after: 2 });
    h.link.say(messageFrame('a', 11), page(first.id, 3, 8, 0, 11));
    const second = historyOf(h);
    expect(second).toMatchObject({ after: 8 });
    h.link.say(page(second.id, 9, 12, 0, 12), messageFrame('a', 12, 13));
    expect(late.log).toEqual(['at 2 +9', 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13]);
    expect(log).toEqual([11, 12, 13]);
    expect(h.link.take()).toEqual([]);
    expect(late.subscription.state).toBe('live');
  });

  it('CLI-5: the last n of a live channel, in one page or, when that is bounded by bytes, in several', async () => {
    const { h } = live('now', 10);
    const short = record(h, { last: 3 });
    const one = historyOf(h);
    expect(one).toMatchObject({ limit: 3 });
    h.link.say(page(one.id, 8, 10, 0, 10), messageFrame('a', 11));
    expect(short.log).toEqual(['at 7 +3', 8, 9, 10, 11]);
    const long = record(h, { last: 6 });
    h.link.say(page(historyOf(h).id, 10, 11, 0, 11));
    expect(long.log).toEqual(['at 5 +6']);
    const rest = historyOf(h);
    expect(rest).toMatchObject({ after: 5 });
    h.link.say(page(rest.id, 6, 11, 0, 11));
    expect(long.log).toEqual(['at 5 +6', 6, 7, 8, 9, 10, 11]);
    await expect(long.subscription.ready).resolves.toEqual(position(5));
  });

  it('CLI-5: from the start of a live channel it reads all that is kept, the oldest first', () => {
    const { h } = live('now', 10);
    const all = record(h, 'start');
    const first = historyOf(h);
    expect(first).toMatchObject({ limit: 256, after: 0 });
    h.link.say(page(first.id, 5, 8, 4, 10), messageFrame('a', 11));
    const second = historyOf(h);
    expect(second).toMatchObject({ after: 8 });
    h.link.say(page(second.id, 9, 11, 4, 11), messageFrame('a', 12));
    expect(all.log).toEqual(['at 4 +6', 5, 6, 7, 8, 9, 10, 11, 12]);
  });

  it('goes on over a reconnect', () => {
    const { h } = live('now', 10);
    const late = record(h, position(8));
    h.link.take();
    h.link.drop();
    const [resume, history] = h.reaccept();
    h.link.say(subscribedFrame(resume, 10, { top: 11 }), page(only(history, 'history').id, 9, 11, 0, 11));
    h.link.say(messageFrame('a', 11));
    expect(late.log).toEqual(['at 8 +3', 9, 10, 11]);
  });

  it('SUB-4: what is trimmed before it is read is a reset, told once', () => {
    const { h } = live('now', 10);
    const late = record(h, position(2));
    h.link.say(page(historyOf(h).id, 6, 10, 5, 10));
    expect(late.log).toEqual(['trimmed 5', 'at 5 +5 trimmed', 6, 7, 8, 9, 10]);
    expect(late.metas[0]?.reset?.previous).toEqual(position(2));
  });

  it('SUB-5: ahead of a feed that is reset it reads on in the log, as long as that reaches back to it', () => {
    const h = new Harness();
    record(h, { last: 3 });
    const [asked] = h.accept();
    h.link.say(subscribedFrame(asked, 7, { top: 10 }));
    const ahead = record(h, 'now');
    h.link.take();
    h.link.say({ type: 'reset', channel: 'a', reason: 'trimmed', epoch: 'e1', offset: 12 });
    const history = historyOf(h);
    expect(history).toMatchObject({ after: 10 });
    h.link.say(messageFrame('a', 13), page(history.id, 11, 13, 9, 13));
    expect(ahead.log).toEqual(['at 10 +0', 11, 12, 13]);
  });

  it('SUB-4: a reset of the feed is one of the epoch for a subscription that stands in another log', () => {
    const { h } = live('now', 10);
    const foreign = record(h, position(9, 'e0'));
    h.link.say({ type: 'reset', channel: 'a', reason: 'trimmed', epoch: 'e1', offset: 12 });
    expect(foreign.log).toEqual(['epoch-changed 12', 'at 12 +0 epoch-changed']);
  });

  it('EPOCH-2: a reset of the feed for what it lost is none for who reads what survived', () => {
    const { h } = live('now', 10);
    const late = record(h, position(2));
    const asked = historyOf(h);
    h.link.say({ type: 'reset', channel: 'a', reason: 'truncated', epoch: 'e1~8.e2', offset: 0 });
    h.link.say(page(asked.id, 3, 6, 0, 10), messageFrame('a', 1, 9, 'e1~8.e2'));
    expect(late.log).toEqual(['at 2 +8', 3, 4, 5, 6, 7, 8, 9]);
    expect(late.resets).toEqual([]);
  });

  it('EPOCH-2: who was given what is lost by a late page finds out by the next', () => {
    const { h } = live('now', 10);
    const late = record(h, position(2));
    const asked = historyOf(h);
    h.link.say({ type: 'reset', channel: 'a', reason: 'truncated', epoch: 'e1~8.e2', offset: 7 });
    h.link.say(page(asked.id, 3, 10, 0, 10));
    const next = historyOf(h);
    expect(next).toMatchObject({ epoch: 'e1', after: 10 });
    h.link.say({ type: 'error', id: next.id, code: 'epoch-changed', message: 'other' });
    h.link.say(page(historyOf(h).id, 1, 8, 0, 8, 'e1~8.e2'));
    expect(late.resets).toMatchObject([{ reason: 'truncated', previous: position(10) }]);
  });

  it('SUB-4: a start in another epoch, and one beyond the end', () => {
    const { h } = live('now', 10);
    const foreign = record(h, position(4, 'e0'));
    h.link.say({ type: 'error', id: historyOf(h).id, code: 'epoch-changed', message: 'other' });
    const anew = historyOf(h);
    expect(anew).toMatchObject({ after: 0 });
    expect(anew).not.toHaveProperty('epoch');
    h.link.say(page(anew.id, 9, 10, 8, 10));
    expect(foreign.log).toEqual(['epoch-changed 8', 'at 8 +2 epoch-changed', 9, 10]);
    const beyond = record(h, position(99));
    h.link.say(page(historyOf(h).id, 100, 99, 8, 10));
    h.link.say(page(historyOf(h).id, 9, 10, 8, 10));
    expect(beyond.log).toEqual(['truncated 8', 'at 8 +2 truncated', 9, 10]);
  });

  it('CLI-5: a reset of the channel while catching up is told to it as well, once', () => {
    const { h } = live('now', 10);
    const late = record(h, position(2));
    const stale = historyOf(h);
    h.link.say({ type: 'reset', channel: 'a', reason: 'epoch-changed', epoch: 'e2', offset: 0 });
    h.link.say(page(stale.id, 3, 10, 0, 10), messageFrame('a', 1, 2, 'e2'));
    expect(late.log).toEqual(['epoch-changed 0', 'at 0 +0 epoch-changed', 1, 2]);
  });

  it('tries a failed page again, and ends when it may not read', () => {
    const { h } = live('now', 10);
    const late = record(h, position(9));
    h.link.say({ type: 'error', id: historyOf(h).id, code: 'unavailable', message: 'later' });
    h.clock.advance(250);
    h.link.say({ type: 'error', id: historyOf(h).id, code: 'forbidden', message: 'no' });
    expect(late.log).toEqual(['end forbidden']);
    expect(h.client.state.status).toBe('connected');
  });

  it('waits when the one that answers is behind', () => {
    const { h } = live('now', 10);
    record(h, position(9));
    h.link.say(page(historyOf(h).id, 10, 9, 0, 9));
    expect(h.link.take()).toEqual([]);
    h.clock.advance(250);
    expect(historyOf(h)).toMatchObject({ after: 9 });
    h.client.close();
    expect(h.clock.timers).toBe(0);
  });

  it('ends cleanly in the middle', () => {
    const { h } = live('now', 10);
    const late = record(h, position(2));
    const { id } = historyOf(h);
    late.subscription.unsubscribe();
    h.link.say(page(id, 3, 10, 0, 10));
    expect(late.log).toEqual([]);
  });
});
