import { LongwaveError } from 'longwave/client';
import type { DocumentStatus } from 'longwave/yjs';
import { expect, it } from 'vitest';
import { savedWords } from './saved-words.js';

const words = (status: Partial<DocumentStatus>, { canWrite = true, isKept = true } = {}): string =>
  savedWords({
    state: { isReady: true, isKept, status: { state: 'live', synced: true, unsaved: 0, error: undefined, ...status } },
    canWrite,
  }).text;

it('says that all is saved only when the server has stored all', () => {
  expect(words({})).toBe('All saved');
  expect(words({ unsaved: 1 })).toBe('1 change not stored yet');
  expect(words({ unsaved: 3 })).toBe('3 changes not stored yet');
  expect(words({ synced: false })).toBe('Opening');
  expect(words({ state: 'opening', unsaved: 2 })).toBe('2 changes not stored yet');
});

it('says where changes are while there is no connection', () => {
  expect(words({ state: 'offline' })).toBe('Offline: kept in this browser');
  expect(words({ state: 'offline', unsaved: 2 })).toBe('Offline: 2 changes kept in this browser');
  expect(words({ state: 'offline', unsaved: 2 }, { isKept: false })).toBe('Offline: 2 changes only in this tab');
});

it('says why changes are refused, and who only reads', () => {
  const error = new LongwaveError('too-large', 'The document is full.');
  expect(words({ unsaved: 1, error })).toBe('1 change not stored: The document is full.');
  expect(words({ unsaved: 1 }, { canWrite: false })).toBe('Read only');
});
