import { describe, expect, it } from 'vitest';
import { cleanName, cleanRoom, guestToken, isRoomName } from './chat.js';

describe('names', () => {
  it('keeps letters of any script and tidies the spaces', () => {
    expect(cleanName('  Ada   Lovelace ')).toBe('Ada Lovelace');
    expect(cleanName('عمر')).toBe('عمر');
    expect(cleanName('Zoe\u0308')).toBe('Zoë');
  });

  it('refuses markup, control characters, direction overrides, emptiness and length', () => {
    for (const bad of ['', '   ', '<b>', 'a\u0000b', 'a\u202eb', '-ada', 'x'.repeat(33)]) {
      expect(cleanName(bad)).toBeUndefined();
    }
  });
});

describe('rooms', () => {
  it('turns what was typed into a room that a link can name', () => {
    expect(cleanRoom(' Team Blue! ')).toBe('team-blue');
    expect(cleanRoom('Café_Noir')).toBe('cafe-noir');
    expect(cleanRoom('🙂')).toBeUndefined();
    expect(cleanRoom('x'.repeat(41))).toBeUndefined();
  });

  it('knows a room from a path segment that is none', () => {
    expect(isRoomName('lobby')).toBe(true);
    for (const bad of ['', 'a b', '../x', 'a--b', 'Lobby']) expect(isRoomName(bad)).toBe(false);
  });
});

describe('guest tokens', () => {
  it('carry a name both ways and nothing that is not a clean name', () => {
    expect(guestToken.decode(guestToken.encode('Ada'))).toBe('Ada');
    for (const bad of ['Ada', 'guest:', 'guest: Ada', 'guest:<b>', 'user:Ada']) {
      expect(guestToken.decode(bad)).toBeUndefined();
    }
  });
});
