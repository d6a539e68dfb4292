import {
  type ClientFrame,
  type Encoded,
  createServerCodec,
  createJsonClientCodec,
  wireLimits,
} from '@longwave/protocol';
import { describe, expect, it } from 'vitest';
import type { Link, Renewal } from '../base/ports.js';
import { Wire } from './wire.js';

const server = createServerCodec('json');
const framesOf = (message: Encoded) => server.decode(message) as ClientFrame[];

/** A link that keeps what it is given; with `requests` it is made of them. */
function openLink(requests = false) {
  const sent: Encoded[] = [];
  const renewals: Renewal[] = [];
  const link: Link & { bufferedBytes: number } = {
    bufferedBytes: 0,
    send: (message) => void sent.push(message),
    close: () => undefined,
    ...(requests && { renew: (renewal: Renewal) => void renewals.push(renewal) }),
  };
  return { link, sent, renewals };
}

function setUp(requests = false) {
  const wire = new Wire({ codec: createJsonClientCodec(), clientId: 'client-1', bytesPerSecond: 5, params: undefined });
  const opened = openLink(requests);
  wire.attach(opened.link);
  return { wire, ...opened };
}

const ping: ClientFrame = { type: 'ping' };
const unsubscribe = (id: number): ClientFrame => ({ type: 'unsubscribe', id, channel: 'a' });

describe('frames', () => {
  it('go out one a message, or together where they are gathered', () => {
    const { wire, sent } = setUp();
    wire.send(ping);
    wire.gather(() => {
      wire.send(unsubscribe(1));
      wire.gather(() => wire.send(unsubscribe(2)));
      expect(sent).toHaveLength(1);
    });
    expect(sent.map((message) => framesOf(message).length)).toEqual([1, 2]);
  });

  it('go out although the work that sent them failed', () => {
    const { wire, sent } = setUp();
    const fail = () =>
      wire.gather(() => {
        wire.send(ping);
        throw new Error('afterwards');
      });
    expect(fail).toThrow('afterwards');
    expect(sent).toHaveLength(1);
  });

  it('WIRE-1: are as many in a message as the limits allow', () => {
    const { wire, sent } = setUp();
    const count = wireLimits.framesPerMessage + 1;
    wire.gather(() => {
      for (let id = 1; id <= count; id++) wire.send(unsubscribe(id));
    });
    expect(sent.map((message) => framesOf(message).length)).toEqual([wireLimits.framesPerMessage, 1]);
  });

  it('WIRE-1: take no more bytes in a message than the server takes, in whatever characters', () => {
    const { wire, sent } = setUp();
    wire.messageBytes = 500;
    const frames = Array.from({ length: 20 }, (_, i): ClientFrame => ({
      ...{ type: 'unsubscribe', id: i + 1, channel: `${'é'.repeat(i * 3)}x` },
    }));
    wire.gather(() => {
      for (const frame of frames) wire.send(frame);
    });
    expect(sent.flatMap(framesOf)).toEqual(frames);
    expect(sent.length).toBeGreaterThan(1);
    for (const message of sent) expect(Buffer.byteLength(message)).toBeLessThanOrEqual(500);
  });

  it('that were gathered for a link die with it', () => {
    const { wire, sent } = setUp();
    const next = openLink();
    wire.gather(() => {
      wire.send(unsubscribe(1));
      wire.attach(next.link);
      wire.gather(() => wire.send(unsubscribe(2)));
    });
    expect(sent).toEqual([]);
    expect(next.sent.flatMap(framesOf)).toEqual([unsubscribe(2)]);
  });

  it('go nowhere without a link', () => {
    const { wire } = setUp();
    wire.attach(undefined);
    expect(() => wire.gather(() => wire.send(ping))).not.toThrow();
    expect([wire.linked, wire.open, wire.congested]).toEqual([false, false, false]);
  });
});

describe('a connect', () => {
  it('SES-4: has a later turn each time, and the token of the moment', () => {
    const { wire } = setUp();
    const first = wire.connectFrame();
    wire.token = 't';
    expect(first).toMatchObject({ type: 'connect', client: 'client-1', turn: 1, bytesPerSecond: 5, token: undefined });
    expect(wire.connectFrame()).toMatchObject({ turn: 2, token: 't' });
  });
});

describe('requests', () => {
  it('SES-2: may follow the connect at once, unless a message was too large for an unknown limit', () => {
    const { wire } = setUp();
    expect(wire.open).toBe(true);
    wire.cautious = true;
    expect(wire.open).toBe(false);
    wire.connected = true;
    expect(wire.open).toBe(true);
  });

  it('wait for the server where the link is made of requests', () => {
    const { wire } = setUp(true);
    expect([wire.renews, wire.open]).toEqual([true, false]);
    wire.connected = true;
    expect(wire.open).toBe(true);
  });

  it('CLI-8: that wait for an answer are not sent while the link is held', () => {
    const { wire } = setUp();
    wire.held = true;
    expect(wire.full).toBe(true);
    wire.attach(openLink().link);
    expect(wire.full).toBe(false);
  });

  it('are answered on their own link alone', () => {
    const { wire } = setUp();
    const answered: string[] = [];
    const id = wire.nextId();
    wire.request(id, ping, (answer) => answered.push(answer.type));
    wire.attach(openLink().link);
    wire.answers.settle(id, { type: 'done', id });
    wire.request(wire.nextId(), ping, (answer) => answered.push(answer.type));
    wire.answers.settle(id + 1, { type: 'done', id: id + 1 });
    expect(answered).toEqual(['done']);
  });
});

it('is congested when a mebibyte and more is unsent', () => {
  const { wire, link } = setUp();
  link.bufferedBytes = 1024 * 1024;
  expect(wire.congested).toBe(false);
  link.bufferedBytes++;
  expect(wire.congested).toBe(true);
});

describe('HTTP-3: a link made of requests', () => {
  it('is renewed with connect and all that is asked for, as one message', () => {
    const { wire, sent, renewals } = setUp(true);
    wire.messageBytes = 1234;
    wire.renew(true, () => wire.gather(() => wire.send(unsubscribe(7))));
    const [renewal] = renewals;
    expect(framesOf(renewal!.connect)).toMatchObject([{ type: 'connect', turn: 1 }]);
    expect(framesOf(renewal!.message)).toMatchObject([{ type: 'connect', turn: 1 }, unsubscribe(7)]);
    expect([renewal!.messageBytes, renewal!.atOnce, sent]).toEqual([1234, true, []]);
  });

  it('asks to be renewed soon, but not while it is', () => {
    const { wire } = setUp(true);
    let asked = 0;
    wire.onRenewal = () => void asked++;
    expect(wire.renewSoon()).toBe(true);
    wire.renew(false, () => expect(wire.renewSoon()).toBe(false));
    expect(asked).toBe(1);
    wire.attach(openLink().link);
    expect([wire.renewSoon(), asked]).toEqual([false, 1]);
  });
});
