import { expect, it } from 'vitest';
import type { Incident } from './incident.js';
import { incidentWords } from './words.js';

const back: Incident = { kind: 'kill', phase: 'back', awayMs: 1420, isOther: true, resumed: [] };
const chat = { channel: 'chat/lobby', offset: 41, missed: 0, reset: undefined };

it.each([
  [{ ...back, phase: 'away' }, 'The server was killed, with kill -9. It is started again.'],
  [back, 'Back after 1.4 s, in another process. This page had nothing open.'],
  [
    { ...back, resumed: [chat] },
    'Back after 1.4 s, in another process. chat/lobby went on at #41; nothing was missed.',
  ],
  [
    { ...back, isOther: false, resumed: [{ ...chat, missed: 2 }, chat] },
    'Back after 1.4 s. 2 channels went on where they were; 2 operations that you missed came after, in order.',
  ],
  [
    { ...back, resumed: [{ ...chat, reset: 'epoch-changed' }] },
    'Back after 1.4 s, in another process. 1 channel began anew, and said so: the process had it in memory alone.',
  ],
] satisfies [Incident, string][])('%j', (incident, words) => {
  expect(incidentWords(incident)).toBe(words);
});
