import { describe, expect, it } from 'vitest';
import { Harness, connectedFrame, messageFrame, subscribedFrame } from '../testing/harness.js';
import { record } from '../testing/recorder.js';

describe('a node that goes', () => {
  it('SES-15: after goaway it moves over to another connection, and closes the first one only then', () => {
    const h = new Harness();
    record(h);
    const [subscribe] = h.accept();
    h.link.say(subscribedFrame(subscribe, 3));
    const old = h.link;
    old.say({ type: 'goaway', retryAfterMs: 100 });
    h.clock.advance(99);
    expect(h.transport.links).toHaveLength(1);
    h.clock.advance(1);
    expect(h.transport.links).toHaveLength(2);
    h.link.open();
    old.say(messageFrame('a', 4));
    expect(old.closedByClient).toBe(false);
    h.link.say(connectedFrame());
    expect(old.closedByClient).toBe(true);
    expect(h.link.take().at(-1)).toMatchObject({ type: 'subscribe', channel: 'a', offset: 4 });
    expect(h.client.state).toMatchObject({ status: 'connected', why: 'preferred' });
  });

  it('SES-15: one that finds no other node tries again, until it is closed', () => {
    const h = new Harness();
    h.accept();
    const old = h.link;
    old.say({ type: 'goaway', retryAfterMs: 0 });
    h.clock.advance(0);
    h.link.drop();
    expect(h.client.state.status).toBe('connected');
    h.clock.advance(499);
    expect(h.transport.links).toHaveLength(2);
    h.clock.advance(1);
    expect(h.transport.links).toHaveLength(3);
  });

  it('SES-7: closed after goaway it comes back when the node asked it to', () => {
    const h = new Harness();
    h.accept();
    h.link.say({ type: 'goaway', retryAfterMs: 3_000 });
    expect(h.client.state.status).toBe('connected');
    h.clock.advance(1_000);
    h.link.drop({ code: 4504 });
    h.clock.advance(1_999);
    expect(h.transport.links).toHaveLength(1);
    h.clock.advance(1);
    expect(h.transport.links).toHaveLength(2);
  });

  it('SES-7: closed with a time of its own it comes back at that', () => {
    const h = new Harness();
    h.accept();
    h.link.say({ type: 'goaway', retryAfterMs: 0 });
    h.link.say({ type: 'error', code: 'going-away', message: 'bye', retryAfterMs: 700 });
    h.link.drop({ code: 4504 });
    h.clock.advance(699);
    expect(h.transport.links).toHaveLength(1);
    h.clock.advance(1);
    expect(h.transport.links).toHaveLength(2);
  });
});
