import { describe, expect, it } from 'vitest';
import { Harness, connectedFrame, messageFrame, only, subscribedFrame, typesOf } from '../testing/harness.js';
import { FakeRequests } from '../testing/fake-requests.js';
import { FakeTransport } from '../testing/fake-transport.js';
import { record } from '../testing/recorder.js';
import { pollTransport, streamTransport } from '../transports/http.js';

/** A client with all transports. The WebSocket is played by `sockets`, the rest by `requests`. */
function setUp() {
  const requests = new FakeRequests();
  const sockets = new FakeTransport();
  const http = { request: requests.post };
  const h = new Harness({ transport: [sockets, streamTransport(http), pollTransport(http)] });
  const changes: string[] = [];
  h.client.onState((state) => {
    changes.push(state.status === 'connected' ? `${state.transport} ${state.why}` : state.status);
  });
  const settle = (): void => h.clock.advance(0);
  return { h, requests, sockets, changes, settle };
}

/** On a stream, because the WebSocket was refused, and subscribed to `a`. */
function onStream() {
  const all = setUp();
  const { h, requests, sockets, settle } = all;
  const recorded = record(h);
  sockets.link.drop();
  settle();
  requests.down.say(connectedFrame(), subscribedFrame(requests.down.frames[1], 0));
  return { ...all, recorded };
}

describe('stepping down', () => {
  it('CLI-7: a WebSocket that is refused is followed by a stream at once', () => {
    const { changes, requests, sockets } = onStream();
    expect(changes).toEqual(['connecting', 'fake fallback'].slice(0, 1).concat('stream fallback'));
    expect([sockets.links.length, requests.down.route]).toEqual([1, 'stream']);
  });

  it('CLI-7: one that does not open within 1 s is not waited for', () => {
    const { h, requests, sockets, settle } = setUp();
    h.clock.advance(999);
    expect(sockets.link.closedByClient).toBe(false);
    h.clock.advance(1);
    settle();
    expect(sockets.link.closedByClient).toBe(true);
    expect(requests.down.route).toBe('stream');
  });

  it('CLI-7: a stream that is kept back for 1.5 s is followed by polls', () => {
    const { h, requests, sockets, settle, changes } = setUp();
    sockets.link.drop();
    settle();
    h.clock.advance(1_500);
    settle();
    expect(requests.down.route).toBe('poll');
    requests.down.say(connectedFrame());
    expect(changes.at(-1)).toBe('poll fallback');
    expect(h.diagnostics.map(({ kind }) => kind)).toEqual(['transport', 'transport']);
  });

  it('CLI-7: a transport that throws is one that failed', () => {
    const requests = new FakeRequests();
    const broken = {
      name: 'broken',
      connect: () => {
        throw new Error('CSP');
      },
    };
    const h = new Harness({ transport: [broken, streamTransport({ request: requests.post })] });
    h.clock.advance(0);
    expect(requests.down.route).toBe('stream');
  });

  it('CLI-7: a server that answers 503 is no reason to try another transport', () => {
    const { h, requests, sockets, settle } = setUp();
    sockets.link.drop();
    settle();
    requests.down.end(false, 'answered 503', 503);
    expect(h.client.state).toMatchObject({
      status: 'waiting',
      error: { code: 'unavailable', message: 'answered 503' },
    });
    h.clock.advance(1_000);
    settle();
    expect(requests.down.route).toBe('stream');
  });

  it('CLI-7: what a server says is no reason to try another transport', () => {
    const { h, sockets } = setUp();
    sockets.link.open();
    sockets.link.say({ type: 'error', code: 'unavailable', message: '', retryAfterMs: 100 });
    expect(h.client.state).toMatchObject({ status: 'waiting', error: { code: 'unavailable' } });
    h.clock.advance(100);
    expect(sockets.links).toHaveLength(2);
  });
});

describe('a server that takes its time to authenticate', () => {
  it('CLI-15: is reached over the last transport, and left for the WebSocket as soon as that is let in', () => {
    const { h, requests, sockets, settle, changes } = setUp();
    sockets.link.open();
    h.clock.advance(1_500);
    settle();
    h.clock.advance(1_500);
    settle();
    expect(requests.down.route).toBe('poll');
    h.clock.advance(4_000);
    requests.down.say(connectedFrame());
    expect(changes.at(-1)).toBe('poll fallback');
    h.clock.advance(5_000);
    sockets.link.open();
    h.clock.advance(4_000);
    sockets.link.say(connectedFrame());
    expect(changes.at(-1)).toBe('fake upgraded');
    expect(changes).not.toContain('waiting');
  });
});

describe('a server that is not there', () => {
  it('CLI-14: where the host knows that nothing listens, one attempt is all', () => {
    const { h, requests, sockets } = setUp();
    for (let i = 1; i <= 5; i++) {
      expect(sockets.links).toHaveLength(i);
      sockets.link.drop({ code: 1006, unanswered: 'refused' });
      while (h.client.state.status === 'waiting') h.clock.advance(50);
    }
    expect(requests.all).toEqual([]);
  });

  it('CLI-14: where a page cannot know it, the polls at least are left out', () => {
    const { h, requests, sockets, settle } = setUp();
    sockets.link.open();
    sockets.link.say(connectedFrame());
    h.clock.advance(6_000);
    for (let i = 0; i < 6; i++) {
      sockets.link.drop();
      settle();
      if (requests.all.some(({ open }) => open)) requests.down.end(false, 'TypeError: Failed to fetch');
      while (h.client.state.status === 'waiting') h.clock.advance(50);
    }
    expect(requests.all.length).toBeGreaterThan(1);
    expect(requests.all.map(({ route }) => route)).not.toContain('poll');
    sockets.link.open();
    sockets.link.say(connectedFrame());
    expect(h.client.state).toMatchObject({ status: 'connected', transport: 'fake' });
  });
});

describe('a proxy that keeps back what it once let through', () => {
  it('CLI-7: a stream that falls silent is followed by polls at once', () => {
    const { h, requests, settle } = onStream();
    h.clock.advance(15_000);
    h.clock.advance(1_000);
    settle();
    expect(h.diagnostics.some(({ kind }) => kind === 'silence')).toBe(true);
    expect(requests.down.route).toBe('poll');
  });
});

describe('climbing', () => {
  it('CLI-8: tries the WebSocket after 5 s, lets it in first, and moves without telling the application', () => {
    const { h, requests, sockets, changes, recorded } = onStream();
    h.clock.advance(5_000);
    expect(sockets.links).toHaveLength(2);
    const stream = requests.down;
    sockets.link.open();
    expect(typesOf(sockets.link.take())).toEqual(['connect']);
    stream.say(messageFrame('a', 1));
    sockets.link.say(connectedFrame());
    expect(stream.givenUp).toBe(true);
    const [subscribe] = sockets.link.take();
    expect(subscribe).toMatchObject({ type: 'subscribe', channel: 'a', offset: 1, again: true });
    sockets.link.say(subscribedFrame(subscribe, 1), messageFrame('a', 2));
    expect(recorded.log).toEqual(['at 0 +0', 1, 2]);
    expect(changes.at(-1)).toBe('fake upgraded');
    expect(h.client.transport).toEqual({ name: 'fake', why: 'upgraded' });
    expect(changes.filter((change) => change === 'waiting')).toEqual([]);
  });

  it('CLI-8: waits for what is in flight, holds back what is new, and gives up in time', async () => {
    const { h, requests, sockets } = onStream();
    const channel = h.client.channel('a');
    const first = channel.publish('x');
    h.clock.advance(5_000);
    sockets.link.open();
    sockets.link.say(connectedFrame());
    const second = channel.publish('y');
    expect(requests.up).toHaveLength(1);
    expect(typesOf(sockets.link.take())).toEqual(['connect']);
    const id = only(requests.up[0]!.frames[1], 'publish').id;
    requests.up[0]!.say({ type: 'ack', id, epoch: 'e1', offset: 1, durability: 'memory' });
    await first;
    const sent = sockets.link.take();
    expect(typesOf(sent)).toEqual(['subscribe', 'publish']);
    const next = only(sent[1], 'publish');
    expect(next.after).toBeUndefined();
    sockets.link.say({ type: 'ack', id: next.id, epoch: 'e1', offset: 2, durability: 'memory' });
    expect((await second).position.offset).toBe(2);
  });

  it('CLI-8: a request that stays in flight too long keeps the old transport, and what waited goes up there', () => {
    const { h, requests, sockets, changes } = onStream();
    h.client.call('slow').catch(() => {});
    h.clock.advance(5_000);
    sockets.link.open();
    sockets.link.say(connectedFrame());
    h.client
      .channel('a')
      .publish('y')
      .catch(() => {});
    h.clock.advance(5_000);
    expect(sockets.link.closedByClient).toBe(true);
    expect(requests.up.map(({ types }) => types[1])).toEqual(['call', 'publish']);
    expect(changes.at(-1)).toBe('stream fallback');
    expect(requests.down.types).toEqual(['connect', 'subscribe']);
  });

  it('CLI-8: tries less and less often, and at once when the host wakes', () => {
    const { h, sockets, requests } = onStream();
    const idle = (ms: number): void => {
      for (let left = ms; left > 0; left -= 5_000) {
        h.clock.advance(Math.min(5_000, left));
        requests.down.say({ type: 'ping' });
      }
    };
    idle(5_000);
    sockets.link.drop();
    idle(5_000);
    expect(sockets.links).toHaveLength(2);
    idle(5_000);
    expect(sockets.links).toHaveLength(3);
    sockets.link.drop();
    h.environment.wake('visible');
    expect(sockets.links).toHaveLength(4);
  });

  it('SES-4: what takes over may put an end to the old one before it is done: nothing is lost for it', () => {
    const { h, requests, sockets, changes } = onStream();
    h.clock.advance(5_000);
    sockets.link.open();
    requests.down.say({ type: 'error', code: 'superseded', message: '' }).end();
    sockets.link.say(connectedFrame());
    expect(changes.at(-1)).toBe('fake upgraded');
    expect(changes).not.toContain('waiting');
  });

  it.each(['takes over', 'fails'])(
    'SES-4: an old link that carries both ways is no loss when a better one %s',
    (how) => {
      const [better, standing] = [new FakeTransport(), new FakeTransport()];
      const h = new Harness({ transport: [better, standing] });
      better.link.drop();
      standing.link.open();
      standing.link.say(connectedFrame());
      h.clock.advance(5_000);
      better.link.open();
      standing.link.say({ type: 'error', code: 'superseded', message: '' });
      standing.link.drop({ code: 4409 });
      if (how === 'takes over') better.link.say(connectedFrame());
      else better.link.drop();
      expect(h.client.state.status).toBe(how === 'takes over' ? 'connected' : 'waiting');
      expect(better.links).toHaveLength(2);
    },
  );

  it('SES-4: while a better one is being let in, the old one is not asked for anew', () => {
    const { h, requests, sockets } = onStream();
    h.clock.advance(5_000);
    sockets.link.open();
    const before = requests.all.length;
    requests.down.end();
    record(h, 'now', 'b');
    h.clock.advance(0);
    expect(requests.all).toHaveLength(before);
    sockets.link.say(connectedFrame());
    expect(sockets.link.take().map((frame) => ('channel' in frame ? frame.channel : frame.type))).toEqual([
      'connect',
      'a',
      'b',
    ]);
  });

  it('CLI-6: close ends the search as well', () => {
    const { h, sockets } = onStream();
    h.clock.advance(5_000);
    h.client.close();
    expect(sockets.link.closedByClient).toBe(true);
    expect(h.clock.timers).toBe(0);
  });
});
