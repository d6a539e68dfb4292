import { describe, expect, it } from 'vitest';
import {
  type RoomState,
  type StoredMessage,
  emptyRoom,
  maxEntries,
  oldestOfRun,
  withBreak,
  withFate,
  withOutgoing,
  withPage,
  withReceived,
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
    state = withBreak(state, 'epoch-changed', 0, 'break-1');
    state = withReceived(state, stored(1, { epoch: 'b', id: 'x' }));
    expect(keys(state)).toEqual(['a:1', 'break-1', 'b:1']);
    expect(oldestOfRun(state)?.key).toBe('b:1');
    expect(state.older).toEqual({ status: 'end', isWhole: true });
  });

  it('puts pages of history above the run and below the break before it', () => {
    let state = withBreak(withReceived(emptyRoom, stored(1)), 'trimmed', 9, 'break-1');
    state = withReceived(state, stored(10));
    state = withPage(state, [stored(8), stored(9), stored(10)], 5);
    expect(keys(state)).toEqual(['a:1', 'break-1', 'a:8', 'a:9', 'a:10']);
    expect(state.older).toEqual({ status: 'more' });
    state = withPage(state, [stored(6), stored(7)], 5);
    expect(state.older).toEqual({ status: 'end', isWhole: false });
  });

  it('knows from the first position whether there is history above', () => {
    expect(withSubscribed(emptyRoom, 0).older).toEqual({ status: 'end', isWhole: true });
    expect(withSubscribed(emptyRoom, 7).older).toEqual({ status: 'more' });
    const paged = withPage(withReceived(emptyRoom, stored(1)), [], 0);
    expect(withSubscribed(paged, 7).older).toEqual({ status: 'end', isWhole: true });
  });

  it('is bounded, and can page back what it dropped', () => {
    let state = emptyRoom;
    for (let offset = 1; offset <= maxEntries + 10; offset++) state = withReceived(state, stored(offset));
    expect(state.entries).toHaveLength(maxEntries);
    expect(oldestOfRun(state)?.offset).toBe(11);
    expect(state.older).toEqual({ status: 'more' });
  });
});
