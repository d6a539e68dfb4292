import { describe, expect, it } from 'vitest';
import {
  type RoomState,
  type StoredMessage,
  emptyRoom,
  maxEntries,
  withBreak,
  withDeleting,
  withFate,
  withOutgoing,
  withPage,
  withReceived,
  withRedaction,
  withSubscribed,
} from './room-state.js';

function stored(offset: number, more: Partial<StoredMessage> = {}): StoredMessage {
  const epoch = more.epoch ?? 'a';
  return {
    kind: 'message',
    key: `${epoch}:${offset}`,
    epoch,
    offset,
    time: offset,
    id: undefined,
    user: 'ada',
    text: `${offset}`,
    ...more,
  };
}

const at = (offset: number, epoch = 'a') => ({ epoch, offset });
const page = (floor: number, ...offsets: number[]) => ({
  ...{ messages: offsets.map((offset) => stored(offset)), floor },
  ...{ first: offsets[0]!, last: offsets.at(-1)! },
});
const keys = (state: RoomState): string[] => state.entries.map((entry) => entry.key);
const sending = { id: 'x', text: 'hi', time: 1, fate: { status: 'sending' } } as const;

describe('the state of a room', () => {
  it('settles an outgoing message when it comes back through the log, whether the ack came before or not', () => {
    const sent = withOutgoing(emptyRoom, sending);
    const acked = withFate(sent, 'x', { status: 'stored', offset: 1 });
    for (const state of [sent, acked]) {
      const settled = withReceived(state, stored(1, { id: 'x' }));
      expect(settled.outgoing).toEqual([]);
      expect(keys(settled)).toEqual(['a:1']);
    }
  });

  it('shows an operation once, however often it comes', () => {
    const once = withReceived(emptyRoom, stored(1));
    expect(withReceived(once, stored(1))).toBe(once);
  });

  it('keeps what was shown above a break, and moves what the new log has again', () => {
    let state = withReceived(withReceived(emptyRoom, stored(1)), stored(2, { id: 'x' }));
    state = withBreak(state, 'epoch-changed', at(0, 'b'), 'break-1');
    state = withReceived(state, stored(1, { epoch: 'b', id: 'x' }));
    expect(keys(state)).toEqual(['a:1', 'break-1', 'b:1']);
    expect(state.oldest).toEqual(at(1, 'b'));
    expect(state.older).toEqual({ status: 'end', isWhole: true });
  });

  it('puts pages of history above the run and below the break before it', () => {
    let state = withBreak(withReceived(emptyRoom, stored(1)), 'trimmed', at(9), 'break-1');
    state = withReceived(state, stored(10));
    expect(state.oldest).toEqual(at(10));
    state = withPage(state, page(5, 8, 9, 10));
    expect(keys(state)).toEqual(['a:1', 'break-1', 'a:8', 'a:9', 'a:10']);
    expect(state.older).toEqual({ status: 'more' });
    state = withPage(state, page(5, 6, 7));
    expect(state.older).toEqual({ status: 'end', isWhole: false });
  });

  it('knows from the first position whether there is history above', () => {
    expect(withSubscribed(emptyRoom, at(0)).older).toEqual({ status: 'end', isWhole: true });
    const subscribed = withSubscribed(emptyRoom, at(7));
    expect([subscribed.older, subscribed.oldest]).toEqual([{ status: 'more' }, at(8)]);
    const paged = withPage(subscribed, { messages: [], first: 8, last: 7, floor: 0 });
    expect(withSubscribed(paged, at(9))).toMatchObject({ older: { status: 'end', isWhole: true }, oldest: at(8) });
  });

  it('pages on from the operations that a page covers, of which some may be no messages', () => {
    let state = withReceived(withSubscribed(emptyRoom, at(9)), stored(10));
    state = withPage(state, { messages: [], first: 5, last: 9, floor: 0 });
    expect([state.older, state.oldest]).toEqual([{ status: 'more' }, at(5)]);
    state = withPage(state, page(0, 1, 2, 3, 4));
    expect(state.older).toEqual({ status: 'end', isWhole: true });
    expect(keys(state)).toEqual(['a:1', 'a:2', 'a:3', 'a:4', 'a:10']);
  });

  it('loses the text of a message that is deleted, in the run and nowhere else', () => {
    let state = withBreak(withReceived(emptyRoom, stored(1)), 'epoch-changed', at(0, 'b'), 'break-1');
    state = withReceived(state, stored(1, { epoch: 'b' }));
    state = withDeleting(state, 'b:1');
    expect([...state.deleting]).toEqual(['b:1']);
    // The log went on in another epoch meanwhile.
    state = withRedaction(state, 1, at(2, 'c'));
    expect(state.entries.map((entry) => (entry.kind === 'message' ? entry.text : ''))).toEqual(['1', '', undefined]);
    expect([state.deleting.size, state.newest]).toEqual([0, at(2, 'c')]);
    expect(withRedaction(state, 7, at(3, 'c')).entries).toBe(state.entries);
  });

  it('is bounded, and can page back what it dropped', () => {
    let state = emptyRoom;
    for (let offset = 1; offset <= maxEntries + 10; offset++) state = withReceived(state, stored(offset));
    expect(state.entries).toHaveLength(maxEntries);
    expect(state.oldest).toEqual(at(11));
    expect(state.older).toEqual({ status: 'more' });
  });
});
