import { describe, expect, it } from 'vitest';
import { TraceEvent } from '../shared/trace-event.js';
import { createTrace } from './trace.js';

function record() {
  const events: TraceEvent[] = [];
  const clock = { ms: 1000 };
  const trace = createTrace(
    (event) => events.push(TraceEvent.parse(event)),
    () => clock.ms,
  );
  return { events, clock, trace };
}

describe('a trace', () => {
  it('hides the values of headers that carry secrets, whatever their case', () => {
    const { events, trace } = record();
    trace.head('request', 'GET /echo HTTP/1.1\r\nCookie: a=1\r\nAUTHORIZATION: Bearer x\r\nHost: h\r\n\r\nrest');
    expect(events).toEqual([
      { kind: 'request', head: 'GET /echo HTTP/1.1\r\nCookie: (hidden)\r\nAUTHORIZATION: (hidden)\r\nHost: h' },
    ]);
  });

  it('shows the first bytes of a frame, its whole length and its time', () => {
    const { events, clock, trace } = record();
    clock.ms += 7;
    trace.frame('in', new Uint8Array(2).fill(0xab), 1000);
    expect(events).toEqual([{ kind: 'frame', direction: 'in', byteLength: 1000, hex: 'abab', atMs: 7 }]);
  });

  it('reports 40 frames a second and counts the others', () => {
    const { events, clock, trace } = record();
    for (let i = 0; i < 100; i++) trace.frame('in', new Uint8Array(1), 1);
    expect(events).toHaveLength(40);
    clock.ms += 1000;
    trace.frame('out', new Uint8Array(1), 1);
    expect(events.slice(40)).toMatchObject([
      { kind: 'skipped', frames: 60 },
      { kind: 'frame', direction: 'out' },
    ]);
  });
});
