import { describe, expect, it } from 'vitest';
import type { Mark } from '../../shared/chat-messages.js';
import { applyPatch, showMarks, withMarks } from './marks-state.js';

describe('the state of marks', () => {
  it('shows edits of the author only', () => {
    const marks = new Map<string, Mark>([['mallory', { text: 'forged', reactions: { '👍': true } }]]);
    const reactions = [{ reaction: '👍', users: ['mallory'] }];
    expect(showMarks(marks, 'ada')).toEqual({ text: undefined, reactions });
    expect(showMarks(marks, undefined).text).toBeUndefined();
    expect(showMarks(marks, 'mallory')).toEqual({ text: 'forged', reactions });
  });

  it('leaves the marks of other messages as they are, and forgets those without any', () => {
    const entries = new Map<string, Mark>([
      ['a:1/ada', { text: 'x' }],
      ['a:2/ada', { text: 'y' }],
    ]);
    const before = withMarks(new Map(), entries.keys(), (key) => entries.get(key));
    entries.delete('a:2/ada');
    const after = withMarks(before, ['a:2/ada', 'no key'], (key) => entries.get(key));
    expect([...after.keys()]).toEqual(['a:1']);
    expect(after.get('a:1')).toBe(before.get('a:1'));
  });

  it('patches as RFC 7396 has it', () => {
    const liked = applyPatch(undefined, { reactions: { '👍': true, '👀': true } });
    expect(applyPatch(liked, { reactions: { '👍': null }, text: 'x' })).toEqual({
      reactions: { '👀': true },
      text: 'x',
    });
    expect(applyPatch({ text: 'x', ...liked }, { text: null, reactions: null })).toEqual({});
  });
});
